package io.juwsgi.router;

import static io.juwsgi.router.Http2Wire.DATA;
import static io.juwsgi.router.Http2Wire.END_STREAM;
import static io.juwsgi.router.Http2Wire.HEADERS;
import static io.juwsgi.router.Http2Wire.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.Response;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields behind bodies and heads before the answer's, on their way through the gateway to servers of both versions. */
@Timeout(120)
class GatewayTrailerTest {
    private static final String HEAD = "POST / HTTP/1.1\r\nHost: a\r\nConnection: TE, close\r\nTE: trailers\r\n";

    private static RouterFixture gateway(String scheme, RouterFixture behind) {
        return RouterFixture.http(
                Apps.text("own application"),
                "trusted-proxies=192.0.2.1",
                "log-format=%(status) %(why)",
                "upstreams=name=app,servers=" + scheme + "://127.0.0.1:" + behind.port(),
                "routes=name=all,upstream=app");
    }

    /** Answers with the request's trailers in a trailer, after a 103. */
    private static Handler mirror() {
        return exchange -> {
            exchange.response().interim(new Response(103, "Early Hints", Fields.of("Link", "</a.css>")));
            Apps.collect(exchange, body -> {
                Fields behind = exchange.body().trailers();
                String announced = exchange.request().fields().first("trailer");
                exchange.response().head(new Response(200, "OK", Fields.of("X-Announced", String.valueOf(announced))));
                exchange.response().data(Chunk.of(body.getBytes(StandardCharsets.US_ASCII)));
                exchange.response()
                        .trailers(Fields.of("X-Got", behind.toString().replace('\n', ';')));
                exchange.response().end();
            });
        };
    }

    private static String ask(String scheme, String request) throws Exception {
        try (RouterFixture behind = RouterFixture.http(mirror());
                RouterFixture gateway = gateway(scheme, behind);
                Wire client = gateway.connect()) {
            return client.send(request).rest();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "h2c"})
    void goBothWays(String scheme) throws Exception {
        String chunked = "Trailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertThat(ask(scheme, HEAD + chunked + "4\r\nbody\r\n0\r\nX-Sum: 4\r\nHost: b\r\n\r\n"))
                .startsWith("HTTP/1.1 103 ")
                .containsIgnoringCase("Link: </a.css>\r\n\r\nHTTP/1.1 200 ")
                .containsIgnoringCase("X-Announced: X-Sum\r\n")
                .containsIgnoringCase("\r\n\r\n4\r\nbody\r\n0\r\nX-Got: x-sum: 4;\r\n\r\n");
        // Behind an empty body, and behind one that is not gathered.
        assertThat(ask(scheme, HEAD + chunked + "0\r\nX-Sum: 0\r\n\r\n"))
                .containsIgnoringCase("\r\n0\r\nX-Got: x-sum: 0;\r\n\r\n");
        String large = "z".repeat(200_000);
        assertThat(ask(scheme, HEAD + chunked + "30d40\r\n" + large + "\r\n0\r\nX-Sum: 200000\r\n\r\n"))
                .containsIgnoringCase("\r\n0\r\nX-Got: x-sum: 200000;\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "h2c"})
    void areNotMadeUp(String scheme) throws Exception {
        assertThat(ask(scheme, HEAD + "Trailer: X-Sum\r\nContent-Length: 4\r\n\r\nbody"))
                .containsIgnoringCase("X-Announced: null\r\n")
                .containsIgnoringCase("\r\n0\r\nX-Got: \r\n\r\n");
        assertThat(ask(scheme, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .doesNotContainIgnoringCase("X-Got");
    }

    /** The uwsgi protocol has no place for them; the request arrives without. */
    @Test
    void doNotReachServersWithoutAPlaceForThem() throws Exception {
        try (RouterFixture behind = RouterFixture.uwsgi(mirror());
                RouterFixture gateway = gateway("uwsgi", behind);
                Wire client = gateway.connect()) {
            client.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 4\r\n\r\n");
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 200 ")
                    .contains("body")
                    .doesNotContain("X-Got", "X-Sum");
        }
    }

    // ---- as gRPC uses them

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void call(Http2Wire client) throws Exception {
        client.post(1, "/pkg.Service/Call", "content-type", "application/grpc", "te", "trailers");
    }

    /** Answers each part of the body with that part. */
    private record Echo(Exchange exchange) implements RequestBody.Receiver {
        @Override
        public void data(Chunk chunk) {
            exchange.response().data(chunk);
        }

        @Override
        public void end() {
            exchange.response().trailers(Fields.of("Grpc-Status", "0"));
            exchange.response().end();
        }

        @Override
        public void failed(Failure failure) {
            exchange.fail(failure);
        }
    }

    @Test
    void aConversationGoesThrough() throws Exception {
        Handler echo = exchange -> {
            exchange.response().head(new Response(200, "OK", Fields.of("Content-Type", "application/grpc")));
            exchange.body().read(new Echo(exchange));
        };
        try (RouterFixture behind = RouterFixture.http(echo);
                RouterFixture gateway = gateway("h2c", behind);
                Http2Wire client = Http2Wire.connect(gateway.port())) {
            call(client);
            client.decode(client.await(HEADERS, 1));
            for (String word : new String[] {"one", "two", "three"}) {
                client.send(DATA, 0, 1, ascii(word));
                assertThat(client.await(DATA, 1).payload()).isEqualTo(ascii(word));
            }
            client.send(DATA, END_STREAM, 1);
            Http2Wire.Frame last = client.await(HEADERS, 1);
            assertThat(last.has(END_STREAM)).isTrue();
            assertThat(client.decode(last).get("grpc-status")).hasToString("0");
        }
    }

    /** An answer that is a head alone comes while the client still sends; its stream is closed without a reproach. */
    @Test
    void anEarlyErrorEndsTheCall() throws Exception {
        Handler refuses = exchange -> {
            exchange.response()
                    .head(new Response(200, "OK", Fields.of("Content-Type", "application/grpc", "Grpc-Status", "16")));
            exchange.response().end();
        };
        try (RouterFixture behind = RouterFixture.http(refuses);
                RouterFixture gateway = gateway("h2c", behind);
                Http2Wire client = Http2Wire.connect(gateway.port())) {
            call(client);
            Http2Wire.Frame head = client.await(HEADERS, 1);
            Http2Headers fields = client.decode(head);
            assertThat(head.has(END_STREAM)).isTrue();
            assertThat(fields.get("grpc-status")).hasToString("16");
            assertThat(client.await(RST_STREAM, 1).number(0)).isZero();
        }
    }

    /** CANCEL of the client is CANCEL for the server, which ends its exchange. */
    @Test
    void aCallThatIsCancelledEndsBehindToo() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Handler waits = exchange -> {
            begun.countDown();
            exchange.onEnd(ended::countDown);
        };
        try (RouterFixture behind = RouterFixture.http(waits);
                RouterFixture gateway = gateway("h2c", behind);
                Http2Wire client = Http2Wire.connect(gateway.port())) {
            call(client);
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            client.send(RST_STREAM, 0, 1, Http2Wire.number(8));
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(behind.logLine()).contains("client-gone");
            assertThat(gateway.logLine()).contains("499 client-gone");
        }
    }

    /** A server that breaks off leaves no answer that looks whole. */
    @Test
    void aCallThatBreaksIsReset() throws Exception {
        Handler breaks = exchange -> {
            exchange.response().head(new Response(200, "OK", Fields.of("Content-Type", "application/grpc")));
            Apps.collect(exchange, _ -> exchange.fail(Failure.gateway(503, "test", "It breaks.")));
        };
        try (RouterFixture behind = RouterFixture.http(breaks);
                RouterFixture gateway = gateway("h2c", behind);
                Http2Wire client = Http2Wire.connect(gateway.port())) {
            call(client);
            client.decode(client.await(HEADERS, 1));
            client.send(DATA, END_STREAM, 1);
            assertThat(client.await(RST_STREAM, 1).number(0)).isEqualTo(2);
            assertThat(gateway.logLine()).contains("200 upstream-cut");
        }
    }
}
