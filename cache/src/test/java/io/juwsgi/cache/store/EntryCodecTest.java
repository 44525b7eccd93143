package io.juwsgi.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cache.rule.Freshness;
import io.juwsgi.cache.rule.Variation;
import io.juwsgi.spi.exchange.Fields;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stored responses as bytes. */
class EntryCodecTest {
    private static final CacheKey KEY = new CacheKey("https", "example.org:8443", "/%E9?a=b", "/\u00e9", "a=b");

    private static byte[] written() {
        Freshness freshness = new Freshness(1, 2, 3, new Freshness.Staleness(true, false, true, 4, 5, true));
        StoredResponse response = StoredResponse.of(
                404,
                "Not Found",
                Fields.of("ETag", "\"1\"", "X-A", "1", "x-a", ""),
                new Variation(List.of("accept", "cookie"), Arrays.asList("text/html", null)),
                freshness);
        return EntryCodec.whole(KEY, response, new byte[] {1, 2, 3});
    }

    @Test
    void everythingComesBack() {
        EntryCodec.Entry read = EntryCodec.read(written());
        assertThat(read.key()).isEqualTo(KEY);
        StoredResponse response = read.response();
        assertThat(response.status()).isEqualTo(404);
        assertThat(response.reason()).isEqualTo("Not Found");
        assertThat(response.fields()).hasToString("ETag: \"1\"\nX-A: 1\nx-a: \n");
        assertThat(response.variation().values()).containsExactly("text/html", null);
        assertThat(response.freshness())
                .isEqualTo(new Freshness(1, 2, 3, new Freshness.Staleness(true, false, true, 4, 5, true)));
        assertThat(response.body()).isInstanceOf(Body.Bytes.class);
        assertThat(((Body.Bytes) response.body()).array()).containsExactly(1, 2, 3);
    }

    @Test
    void anotherVersionAndEveryCutReadAsNothing() {
        byte[] bytes = written();
        for (int length = 0; length < bytes.length; length++) {
            assertThat(EntryCodec.read(Arrays.copyOf(bytes, length))).isNull();
        }
        assertThat(EntryCodec.read(Arrays.copyOf(bytes, bytes.length + 1))).isNull();
        bytes[0]++;
        assertThat(EntryCodec.read(bytes)).isNull();
    }
}
