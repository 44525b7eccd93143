package io.juwsgi.cache.named;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of a cache, with sets of caches as servers that come one after the other, or beside each other. */
class StoreFileTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private CacheSet server(String more) {
        CacheSet set = new CacheSet(InstantSource.system());
        set.apply(List.of(CacheSpec.parse("name=c,items=100000,store=" + file() + more)), 3600, false);
        return set;
    }

    private Path file() {
        return directory.resolve("c.store");
    }

    private static NamedCache cache(CacheSet set) {
        return Objects.requireNonNull(set.find("c"));
    }

    private static Bytes key(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String get(CacheSet set, String key) {
        byte[] value = cache(set).get(key(key));
        return value == null ? "-" : new String(value, StandardCharsets.UTF_8);
    }

    private static void put(CacheSet set, String key, String value) {
        assertThat(cache(set).put(key(key), value.getBytes(StandardCharsets.UTF_8), 0, true))
                .isTrue();
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("time").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private boolean holds(String text) throws IOException {
        return Files.exists(file())
                && new String(Files.readAllBytes(file()), StandardCharsets.ISO_8859_1).contains(text);
    }

    @Test
    void whatWasThereIsThereAfterARestart() {
        try (CacheSet first = server("")) {
            put(first, "a", "1");
            put(first, "b", "2");
            put(first, "b", "3");
            put(first, "c", "4");
            cache(first).remove(key("c"));
            assertThat(cache(first).put(key("soon"), new byte[] {1}, 1 << 20, false))
                    .isTrue();
        }
        try (CacheSet second = server("")) {
            assertThat(get(second, "a") + get(second, "b") + get(second, "c")).isEqualTo("13-");
            assertThat(cache(second).exists(key("soon"))).isTrue();
            cache(second).clear();
        }
        try (CacheSet third = server("")) {
            assertThat(cache(third).stats().items()).isZero();
        }
    }

    @Test
    void changesAreInTheFileSoonAndWithoutAnEnd() throws Exception {
        try (CacheSet first = server("")) {
            await(() -> holds("juwsgi cache"));
            put(first, "lateral", "thinking");
            await(() -> holds("thinking"));
            cache(first).remove(key("lateral"));
            put(first, "marker", "removed");
            await(() -> holds("removed"));
            // As after kill -9: another reads what is there now.
            NamedCache read = new NamedCache(CacheSpec.parse("name=c,items=100"), InstantSource.system());
            JournalReader.read(file(), read);
            assertThat(read.exists(key("lateral"))).isFalse();
            assertThat(read.exists(key("marker"))).isTrue();
        }
    }

    @Test
    void whatFollowsABrokenRecordDoesNotCount() throws Exception {
        try (CacheSet first = server("")) {
            put(first, "a", "1");
        }
        // Written anew at the start and not changed: the record stands there once.
        server("").close();
        byte[] whole = Files.readAllBytes(file());
        for (int cut = 1; cut < 10; cut++) {
            Files.write(file(), java.util.Arrays.copyOf(whole, whole.length - cut));
            NamedCache read = new NamedCache(CacheSpec.parse("name=c,items=100"), InstantSource.system());
            assertThat(JournalReader.read(file(), read)).isZero();
        }
        byte[] bent = whole.clone();
        bent[bent.length - 1]++;
        Files.write(file(), bent);
        try (CacheSet second = server("")) {
            assertThat(get(second, "a")).isEqualTo("-");
            put(second, "a", "2");
        }
        try (CacheSet third = server("")) {
            assertThat(get(third, "a")).isEqualTo("2");
        }
    }

    @Test
    void aFileOfAnotherFormIsReplaced() throws Exception {
        Files.write(file(), new byte[100_000]);
        try (CacheSet first = server("")) {
            assertThat(cache(first).stats().items()).isZero();
            put(first, "a", "1");
        }
        try (CacheSet second = server("")) {
            assertThat(get(second, "a")).isEqualTo("1");
        }
    }

    @Test
    void aSuccessorReadsTheFileAndWritesItWhenTheFirstHasGone() throws Exception {
        CacheSet first = server("");
        put(first, "a", "1");
        await(() -> holds("a1"));
        try (CacheSet second = server("")) {
            assertThat(get(second, "a")).isEqualTo("1");
            put(second, "own", "2");
            put(first, "late", "3");
            first.close();
            await(() -> get(second, "late").equals("3"));
        }
        try (CacheSet third = server("")) {
            assertThat(get(third, "a") + get(third, "own") + get(third, "late")).isEqualTo("123");
        }
    }

    @Test
    void manyChangesDoNotMakeTheFileGrowForEver() throws Exception {
        try (CacheSet set = server("")) {
            String value = "x".repeat(60_000);
            for (int round = 0; round < 60; round++) {
                put(set, "k" + round % 3, value + round);
                String written = "x" + round;
                await(() -> holds(written));
            }
            assertThat(Files.size(file())).isLessThan(2_000_000);
        }
    }

    @Test
    void aFileThatCannotBeWrittenLeavesTheCacheInMemory() throws Exception {
        Files.createDirectory(file());
        Files.writeString(file().resolve("in-the-way"), "", StandardOpenOption.CREATE_NEW);
        try (CacheSet set = server("")) {
            put(set, "a", "1");
            assertThat(get(set, "a")).isEqualTo("1");
        }
    }
}
