package io.juwsgi.spi.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.exchange.Fields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 section 6.5. */
class TrailersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"Grpc-Status", "Server-Timing", "ETag", "Content-Digest", "x-checksum", "Transfer", "Warning"})
    void mayStandBehindABody(String name) {
        assertThat(Trailers.isPermitted(name)).isTrue();
    }

    /** Section 6.5.1, and what another server would believe of us. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length",
                "TRANSFER-ENCODING",
                "Host",
                "Trailer",
                "TE",
                "Set-Cookie",
                "Cookie",
                "Authorization",
                "Proxy-Authorization",
                "If-None-Match",
                "Range",
                "Content-Type",
                "Content-Encoding",
                "Cache-Control",
                "Connection",
                "X-Forwarded-For",
                "X-Sendfile",
                "",
                ":status",
                "a b",
                "a\r\nb",
                "\u00e9"
            })
    void mustNotStandBehindABody(String name) {
        assertThat(Trailers.isPermitted(name)).isFalse();
    }

    @Test
    void dropsWhatIsNotPermitted() {
        Fields fields = Fields.of("A", "1", "Host", "x", "B", "two\tparts", "C", "x\r\ny", "D", "\u0100", "A", "2");
        assertThat(Trailers.permitted(fields)).hasToString("A: 1\nB: two\tparts\nA: 2\n");
    }
}
