package io.juwsgi.cache.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A named cache answers as uWSGI 2.0.21 does, which was asked the same on 2026-11-28 for each of these. */
class NamedCacheTest {
    private long seconds = 1_000_000;

    private NamedCache cache(String spec) {
        return new NamedCache(CacheSpec.parse(spec), () -> Instant.ofEpochSecond(seconds));
    }

    private static Bytes key(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean set(NamedCache cache, String key, String value) {
        return cache.put(key(key), value.getBytes(StandardCharsets.UTF_8), 0, false);
    }

    private static String get(NamedCache cache, String key) {
        byte[] value = cache.get(key(key));
        return value == null ? "-" : new String(value, StandardCharsets.UTF_8);
    }

    private static List<String> keys(NamedCache cache) {
        return cache.keys().stream()
                .map(key -> new String(key.array(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void setsOnceAndUpdatesAlways() {
        NamedCache cache = cache("name=c,items=20");
        assertThat(set(cache, "k", "v")).isTrue();
        assertThat(set(cache, "k", "w")).isFalse();
        assertThat(get(cache, "k")).isEqualTo("v");
        assertThat(cache.put(key("k"), new byte[] {'w'}, 0, true)).isTrue();
        assertThat(get(cache, "k")).isEqualTo("w");
        assertThat(cache.remove(key("k"))).isTrue();
        assertThat(cache.remove(key("k"))).isFalse();
        assertThat(cache.exists(key("k"))).isFalse();
    }

    @Test
    void refusesWhatIsTooLongOrEmpty() {
        NamedCache cache = cache("name=c,items=20,blocksize=100,keysize=64");
        assertThat(set(cache, "big", "x".repeat(101))).isFalse();
        assertThat(set(cache, "exact", "x".repeat(100))).isTrue();
        assertThat(set(cache, "k".repeat(65), "x")).isFalse();
        assertThat(set(cache, "k".repeat(64), "x")).isTrue();
        assertThat(set(cache, "", "x")).isFalse();
        assertThat(set(cache, "empty", "")).isFalse();
    }

    @Test
    void holdsOneKeyLessThanItems() {
        NamedCache cache = cache("name=c,items=20,ignore_full=1");
        for (int i = 0; i < 30; i++) {
            assertThat(set(cache, "k" + i, "v")).isEqualTo(i < 19);
        }
        assertThat(cache.stats().items()).isEqualTo(19);
        assertThat(cache.stats().full()).isEqualTo(11);
    }

    @Test
    void purgesWhatWasUsedLeast() {
        NamedCache cache = cache("name=c,items=5,purge_lru=1");
        set(cache, "a", "1");
        for (int i = 0; i < 4; i++) {
            assertThat(set(cache, "l" + i, "x")).isTrue();
            assertThat(get(cache, "a")).isEqualTo("1");
        }
        assertThat(keys(cache)).containsExactlyInAnyOrder("l1", "l2", "l3", "a");
    }

    @Test
    void aBitmapLetsValuesTakeSeveralBlocks() {
        NamedCache cache = cache("name=c,items=8,blocksize=10,blocks=8,bitmap=1,ignore_full=1");
        assertThat(set(cache, "a", "x".repeat(35))).isTrue();
        assertThat(set(cache, "b", "x".repeat(35))).isTrue();
        assertThat(set(cache, "c", "x".repeat(35))).isFalse();
        cache.remove(key("a"));
        assertThat(set(cache, "c", "x".repeat(35))).isTrue();
        assertThat(cache.stats().usedBlocks()).isEqualTo(8);
    }

    @Test
    void clearsOrSweepsWhenItIsFull() {
        NamedCache clearing = cache("name=c,items=3,clear_on_full=1");
        set(clearing, "a", "1");
        set(clearing, "b", "1");
        assertThat(set(clearing, "c", "1")).isTrue();
        assertThat(keys(clearing)).containsExactly("c");
        NamedCache sweeping = cache("name=c,items=3,sweep_on_full=1");
        sweeping.put(key("a"), new byte[] {1}, 5, false);
        set(sweeping, "b", "1");
        seconds += 6;
        assertThat(set(sweeping, "c", "1")).isTrue();
        assertThat(keys(sweeping)).containsExactly("b", "c");
    }

    @Test
    void whatHasExpiredIsNotFoundAndIsSweptAway() {
        NamedCache cache = cache("name=c,items=20");
        cache.put(key("a"), new byte[] {'1'}, 10, false);
        cache.put(key("b"), new byte[] {'1'}, -1, false);
        seconds += 9;
        assertThat(get(cache, "a")).isEqualTo("1");
        seconds += 1;
        assertThat(keys(cache)).containsExactly("b");
        assertThat(cache.sweep()).isEqualTo(1);
        assertThat(cache.stats().items()).isEqualTo(1);
        assertThat(set(cache, "a", "2")).isTrue();
    }

    @Test
    void aNewTimeReplacesTheOldOne() {
        NamedCache cache = cache("name=c,items=20");
        for (int i = 0; i < 1000; i++) {
            cache.put(key("a"), new byte[] {'1'}, 10 + i, true);
        }
        seconds += 500;
        assertThat(cache.sweep()).isZero();
        assertThat(cache.exists(key("a"))).isTrue();
        cache.put(key("a"), new byte[] {'1'}, 0, true);
        seconds += 5000;
        cache.sweep();
        assertThat(cache.exists(key("a"))).isTrue();
    }

    @Test
    void nothingExpiresWhereNothingIsTo() {
        NamedCache cache = cache("name=c,items=20,no_expire=1");
        cache.put(key("a"), new byte[] {'1'}, 1, false);
        seconds += 100;
        assertThat(cache.exists(key("a"))).isTrue();
    }

    @Test
    void calculatesInOneStep() {
        NamedCache cache = cache("name=c,items=20,math_initial=7");
        assertThat(cache.calculate(key("n"), Arithmetic.INC, 1, 0)).isTrue();
        assertThat(cache.number(key("n"))).isEqualTo(8);
        assertThat(cache.get(key("n"))).containsExactly(8, 0, 0, 0, 0, 0, 0, 0);
        cache.calculate(key("n"), Arithmetic.DEC, 10, 0);
        cache.calculate(key("n"), Arithmetic.MUL, 20, 0);
        assertThat(cache.number(key("n"))).isEqualTo(-40);
        cache.calculate(key("n"), Arithmetic.DIV, 3, 0);
        assertThat(cache.number(key("n"))).isEqualTo(-13);
        assertThat(cache.calculate(key("n"), Arithmetic.DIV, 0, 0)).isFalse();
        assertThat(cache.number(key("nobody"))).isZero();
    }

    @Test
    void arithmeticOnATextTakesItsBytes() {
        NamedCache cache = cache("name=c,items=20");
        set(cache, "t", "v3");
        assertThat(cache.number(key("t"))).isZero();
        cache.calculate(key("t"), Arithmetic.INC, 1, 0);
        assertThat(get(cache, "t")).isEqualTo("w3\0\0\0\0\0\0");
    }

    @Test
    void arithmeticKeepsTheTimeOfAKey() {
        NamedCache cache = cache("name=c,items=20");
        cache.calculate(key("n"), Arithmetic.INC, 1, 10);
        cache.calculate(key("n"), Arithmetic.INC, 1, 1000);
        seconds += 11;
        assertThat(cache.number(key("n"))).isZero();
    }

    @Test
    void otherLimitsKeepWhatFits() {
        NamedCache cache = cache("name=c,items=20,blocksize=10");
        for (int i = 0; i < 10; i++) {
            set(cache, "k" + i, "v".repeat(i + 1));
        }
        cache.reconfigure(CacheSpec.parse("name=c,items=4,blocksize=8"));
        assertThat(keys(cache)).containsExactly("k5", "k6", "k7");
        assertThat(cache.stats().bytes()).isEqualTo(6 + 7 + 8);
    }

    @Test
    void aWrongDescriptionIsRefusedWithWhatWasExpected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CacheSpec.parse("items=20"))
                .withMessage("name is missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CacheSpec.parse("name=c"))
                .withMessage("items is missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CacheSpec.parse("name=c,items=20,blocks=8"))
                .withMessageContaining("blocks: 8 (expected: at least 20");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CacheSpec.parse("name=c,items=many"))
                .withMessage("items: many (expected: a number)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CacheSpec.parse("name=c,items=20,colour=red"))
                .withMessageStartingWith("unknown key colour (expected: one of bitmap, blocks");
        assertThat(CacheSpec.replication("name=c,items=2,node=a:1,udp_servers=b"))
                .containsExactly("nodes", "udp");
    }
}
