package io.juwsgi.router;

import static io.juwsgi.router.Http2Wire.DATA;
import static io.juwsgi.router.Http2Wire.END_STREAM;
import static io.juwsgi.router.Http2Wire.HEADERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.router.Http2Wire.Frame;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Response;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fields behind bodies over HTTP/2 (RFC 9113 section 8.1). */
@Timeout(60)
class Http2TrailerTest {

    private static Handler answers(String body, String... head) {
        return exchange -> {
            exchange.response().head(new Response(200, "OK", Fields.of(head)));
            if (!body.isEmpty()) {
                exchange.response().data(Chunk.of(body.getBytes(StandardCharsets.US_ASCII)));
            }
            // In a later turn, when the head is out.
            exchange.eventLoop().execute(() -> exchange.eventLoop().execute(() -> finish(exchange)));
        };
    }

    private static void finish(Exchange exchange) {
        exchange.response().trailers(Fields.of("Grpc-Status", "0", "Connection", "x"));
        exchange.response().end();
    }

    private static void endsWithTrailers(Http2Wire client) throws Exception {
        Frame last = client.await(HEADERS, 1);
        assertThat(last.has(END_STREAM)).isTrue();
        Http2Headers fields = client.decode(last);
        assertThat(fields.size()).isEqualTo(1);
        assertThat(fields.get("grpc-status")).hasToString("0");
    }

    private static Http2Headers begins(Http2Wire client) throws Exception {
        Frame head = client.await(HEADERS, 1);
        assertThat(head.has(END_STREAM)).isFalse();
        return client.decode(head);
    }

    @Test
    void endTheStream() throws Exception {
        try (RouterFixture router = RouterFixture.http(answers("hi"));
                Http2Wire client = Http2Wire.connect(router.port())) {
            client.get(1, "/");
            begins(client);
            assertThat(client.await(DATA, 1).has(END_STREAM)).isFalse();
            endsWithTrailers(client);
        }
    }

    @Test
    void followAHeadWithoutABody() throws Exception {
        try (RouterFixture router = RouterFixture.http(answers("", "Content-Type", "application/grpc"));
                Http2Wire client = Http2Wire.connect(router.port())) {
            client.get(1, "/");
            begins(client);
            endsWithTrailers(client);
        }
    }

    @Test
    void followABodyWithALengthWhenTheyAreAnnounced() throws Exception {
        try (RouterFixture router = RouterFixture.http(answers("hi", "Content-Length", "2", "Trailer", "Grpc-Status"));
                Http2Wire client = Http2Wire.connect(router.port())) {
            client.get(1, "/");
            begins(client);
            assertThat(client.await(DATA, 1).has(END_STREAM)).isFalse();
            endsWithTrailers(client);
        }
    }

    /** Its last byte is the end, whenever the handler says so. */
    @Test
    void doNotFollowABodyWithALengthOtherwise() throws Exception {
        try (RouterFixture router = RouterFixture.http(answers("hi", "Content-Length", "2"));
                Http2Wire client = Http2Wire.connect(router.port())) {
            client.get(1, "/");
            assertThat(client.await(DATA, 1).has(END_STREAM)).isTrue();
        }
    }

    @Test
    void areNotSentForHead() throws Exception {
        try (RouterFixture router = RouterFixture.http(answers("hi"));
                Http2Wire client = Http2Wire.connect(router.port())) {
            client.send(HEADERS, Http2Wire.END_HEADERS | END_STREAM, 1, Http2Wire.request("HEAD", "/"));
            assertThat(client.await(HEADERS, 1).has(END_STREAM)).isTrue();
        }
    }
}
