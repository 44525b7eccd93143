package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Response;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fields behind bodies over HTTP/1.1 (RFC 9110 section 6.5, RFC 9112 section 7.1.2). */
@Timeout(60)
class TrailerTest {
    private static final String ASKS =
            "GET / HTTP/1.1\r\nHost: a\r\nTE: gzip;q=0.5, Trailers\r\nConnection: TE, close\r\n\r\n";
    private static final String SILENT = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    private static Handler answers(String... head) {
        return exchange -> {
            exchange.response().head(new Response(200, "OK", Fields.of(head)));
            exchange.response().data(Chunk.of("body".getBytes(StandardCharsets.US_ASCII)));
            exchange.response().trailers(Fields.of("X-Sum", "4", "Host", "evil", "X-Split", "a\r\nb"));
            exchange.response().end();
        };
    }

    private static String exchange(Handler handler, String request) throws Exception {
        try (RouterFixture router = RouterFixture.http(handler);
                Wire client = router.connect()) {
            return client.send(request).rest();
        }
    }

    /** Section 6.6.2: they are announced where that is still possible; 6.5.1: what must not be there is dropped. */
    @Test
    void reachAClientThatAsksForThem() throws Exception {
        assertThat(exchange(answers(), ASKS))
                .contains("\r\nTrailer: X-Sum\r\n", "\r\nTransfer-Encoding: chunked\r\n")
                .doesNotContain("Content-Length", "evil", "X-Split")
                .endsWith("\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 4\r\n\r\n");
    }

    /** Section 6.5.1: who has not said that it takes them may lose its way in them. */
    @Test
    void doNotReachOthers() throws Exception {
        assertThat(exchange(answers("Trailer", "X-Sum"), SILENT))
                .contains("\r\nContent-Length: 4\r\n")
                .doesNotContain("Trailer", "X-Sum")
                .endsWith("\r\n\r\nbody");
        assertThat(exchange(answers(), "GET / HTTP/1.0\r\nTE: trailers\r\n\r\n"))
                .doesNotContain("X-Sum")
                .endsWith("\r\n\r\nbody");
        assertThat(exchange(answers(), ASKS.replace("GET", "HEAD")))
                .doesNotContain("X-Sum: 4")
                .endsWith("\r\n\r\n");
    }

    /** A length that is told ends the body, so an announcement takes its place. */
    @Test
    void followABodyWithALengthWhenTheyAreAnnounced() throws Exception {
        assertThat(exchange(answers("Content-Length", "4", "Trailer", "X-Sum"), ASKS))
                .contains("\r\nTrailer: X-Sum\r\n")
                .doesNotContain("Content-Length")
                .endsWith("\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 4\r\n\r\n");
    }

    @Test
    void leaveTheConnectionUsable() throws Exception {
        try (RouterFixture router = RouterFixture.http(answers());
                Wire client = router.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send(ASKS.replace(", close", ""));
                assertThat(client.head()).contains("200 OK");
                String rest = "4\r\nbody\r\n0\r\nX-Sum: 4\r\n\r\n";
                assertThat(client.read(rest.length())).isEqualTo(rest);
            }
        }
    }

    // ---- of requests

    /** Answers with the fields behind the request's body, then those before it that look like them. */
    private static Handler tells() {
        return exchange -> Apps.collect(
                exchange,
                body -> Apps.answer(
                        exchange,
                        200,
                        body + "|" + exchange.body().trailers() + "|"
                                + exchange.request().fields().contains("x-sum")));
    }

    private static String sent(String trailers) throws Exception {
        return exchange(
                tells(),
                "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n"
                        + trailers + "\r\n");
    }

    @Test
    void ofARequestAreThereWhenItsBodyHasEnded() throws Exception {
        assertThat(sent("X-Sum: 4 \r\nx-sum:\t5\r\n")).endsWith("\r\n\r\nbody|X-Sum: 4\nx-sum: 5\n|false");
        assertThat(sent("")).endsWith("\r\n\r\nbody||false");
    }

    /** RFC 9110 section 6.5.1: nobody is fooled by what comes late. */
    @Test
    void ofARequestChangeNothingThatWasSaidBefore() throws Exception {
        assertThat(sent("Content-Length: 9\r\nHost: b\r\nTransfer-Encoding: x\r\nX-Forwarded-For: 1.2.3.4\r\n"
                        + "Authorization: x\r\nX_Sum: 1\r\nX-Sum: 4\r\n"))
                .endsWith("\r\n\r\nbody|X-Sum: 4\n|false");
    }

    @Test
    void ofARequestThatAreMalformedOrTooManyAreRefused() throws Exception {
        for (String bad :
                new String[] {": x\r\n", "A B: x\r\n", "A\r\n", " A: x\r\n", "A: x\n", "A: \0\r\n", "A : x\r\n"}) {
            assertThat(sent(bad)).as(bad).startsWith("HTTP/1.1 400 ");
        }
        assertThat(sent("X: y\r\n".repeat(129))).startsWith("HTTP/1.1 431 ");
        assertThat(sent("X: " + "y".repeat(8200) + "\r\n")).startsWith("HTTP/1.1 431 ");
        assertThat(sent("X: y\r\n".repeat(128))).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void ofALongBodyComeToo() throws Exception {
        String half = "z".repeat(100_000);
        String chunk = Integer.toHexString(half.length()) + "\r\n" + half + "\r\n";
        assertThat(exchange(
                        tells(),
                        "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk
                                + chunk + "0\r\nX-Sum: 200000\r\n\r\n"))
                .endsWith("zz|X-Sum: 200000\n|false");
    }
}
