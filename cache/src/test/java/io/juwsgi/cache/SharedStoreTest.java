package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.cache.CacheEntry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two servers with one second level. */
class SharedStoreTest {
    private final SharedMemory shared = new SharedMemory();
    private final Site one = new Site(Optional.of(shared.view()));
    private final Site two = new Site(Optional.of(shared.view()));

    private void stores(String body, String... fields) {
        String[] all = new String[fields.length + 2];
        all[0] = "Cache-Control";
        all[1] = "max-age=60";
        System.arraycopy(fields, 0, all, 2, fields.length);
        one.answers(200, body, all);
        two.answers(200, "asked two", all);
    }

    @Test
    void whatOneHasStoredTheOtherFindsOnce() {
        stores("a", "X-A", "1");
        one.get("/");
        var answer = two.get("/");
        assertThat(answer.text()).isEqualTo("a");
        assertThat(answer.field("X-A")).isEqualTo("1");
        assertThat(answer.cacheStatus()).isEqualTo("juwsgi; hit; ttl=60; detail=shared");
        assertThat(two.get("/").cacheStatus()).isEqualTo("juwsgi; hit; ttl=60");
        assertThat(two.asked()).isEmpty();
    }

    @Test
    void variantsAreFoundByWhatTheyAreChosenBy() {
        stores("de", "Vary", "Accept-Language");
        one.get("/", "Accept-Language", "de");
        assertThat(two.get("/", "Accept-Language", "en").text()).isEqualTo("asked two");
        assertThat(two.get("/", "Accept-Language", "DE").text()).isEqualTo("de");
    }

    @Test
    void aStaleOneIsConfirmedByTheOtherServersApplication() {
        stores("a", "ETag", "\"1\"");
        one.get("/");
        two.seconds(61);
        two.answers(304, "", "Cache-Control", "max-age=60", "ETag", "\"1\"");
        var answer = two.get("/");
        assertThat(answer.text()).isEqualTo("a");
        assertThat(answer.cacheStatus()).isEqualTo("juwsgi; fwd=stale; fwd-status=304");
    }

    @Test
    void whatOneForgetsTheOtherForgets() {
        stores("a");
        one.get("/");
        two.get("/");
        one.answers(204, "");
        one.send("POST", "/");
        assertThat(shared.entries()).isEmpty();
        assertThat(two.get("/").text()).isEqualTo("asked two");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "purge-tag product-7",
                "purge-prefix http://example.org/",
                "purge-all",
                "purge http://example.org/"
            })
    void whatAnOperatorPurgesIsPurgedEverywhere(String words) {
        stores("a", "Surrogate-Key", "x product-7", "Cache-Groups", "\"g\"");
        one.get("/");
        two.get("/");
        two.cache().control(List.of(words.split(" ")));
        assertThat(shared.entries()).isEmpty();
        one.answers(200, "new");
        assertThat(one.get("/").text()).isEqualTo("new");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "purge-tag --soft t",
                "purge-prefix --soft http://e",
                "purge-all --soft",
                "purge --soft http://example.org/"
            })
    void whatIsPurgedSoftlyIsStaleEverywhere(String words) {
        stores("a", "Cache-Tag", "t", "Cache-Control", "stale-while-revalidate=60");
        one.get("/");
        two.get("/");
        assertThat(one.cache().control(List.of(words.split(" ")))).hasToString("{marked-stale=1}");
        assertThat(shared.entries()).isEmpty();
        assertThat(two.get("/").cacheStatus()).isEqualTo("juwsgi; hit; ttl=0");
        assertThat(two.asked()).hasSize(1);
        assertThat(two.get("/").text()).isEqualTo("asked two");
    }

    @Test
    void groupsAreForgottenEverywhere() {
        stores("a", "Cache-Groups", "\"g\"");
        one.get("/");
        two.get("/");
        one.answers(204, "", "Cache-Group-Invalidation", "\"g\"");
        one.send("POST", "/other");
        assertThat(two.get("/").text()).isEqualTo("asked two");
    }

    @Test
    void aStoreThatFailsIsAsGoodAsNone() {
        shared.down(true);
        stores("a");
        assertThat(one.get("/").text()).isEqualTo("a");
        assertThat(one.get("/").hit()).isTrue();
        assertThat(two.get("/").text()).isEqualTo("asked two");
        one.answers(204, "");
        assertThat(one.send("POST", "/").status()).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "V", "Vary", "\u0001", "\u0002abc", "junk that is no entry at all"})
    void otherBytesAreNoEntry(String bytes) {
        stores("a");
        one.get("/");
        CacheEntry junk = new CacheEntry(
                bytes.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), Duration.ofSeconds(60), Set.of());
        shared.entries().replaceAll((key, entry) -> junk);
        assertThat(two.get("/").text()).isEqualTo("asked two");
    }

    @Test
    void anEntryUnderAnotherKeyIsNoAnswer() {
        stores("a");
        one.get("/a");
        one.get("/b");
        List<CacheEntry> all = List.copyOf(shared.entries().values());
        CacheEntry first = all.getFirst();
        shared.entries().replaceAll((key, entry) -> first);
        boolean a = two.get("/a").text().equals("a");
        boolean b = two.get("/b").text().equals("a");
        assertThat(a ^ b).isTrue();
    }
}
