package io.juwsgi.router;

import static io.juwsgi.router.Http2Wire.DATA;
import static io.juwsgi.router.Http2Wire.END_HEADERS;
import static io.juwsgi.router.Http2Wire.END_STREAM;
import static io.juwsgi.router.Http2Wire.HEADERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.router.Http2Wire.Frame;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.Response;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, Http2Wire.request("HEAD", "/"));
            assertThat(client.await(HEADERS, 1).has(END_STREAM)).isTrue();
        }
    }

    // ---- of requests

    private static Handler tells() {
        return exchange -> Apps.collect(
                exchange,
                body -> Apps.answer(exchange, 200, body + "|" + exchange.body().trailers()));
    }

    private static Http2Wire.Answer sent(byte[] trailers) throws Exception {
        try (RouterFixture router = RouterFixture.http(tells());
                Http2Wire client = Http2Wire.connect(router.port())) {
            client.post(1, "/");
            client.send(DATA, 0, 1, "body".getBytes(StandardCharsets.US_ASCII));
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, trailers);
            return client.answer(1);
        }
    }

    @Test
    void ofARequestAreThereWhenItsBodyHasEnded() throws Exception {
        assertThat(sent(Http2Wire.block("x-sum", "4", "cookie", "a=b", "x_sum", "5", "host", "b"))
                        .body())
                .isEqualTo("body|x-sum: 4\n");
    }

    /** RFC 9113 sections 8.1, 8.2 and 8.3: they are read as strictly as a head. */
    @ParameterizedTest
    @CsvSource({"X-Upper,1", ":path,/other", "connection,close", "transfer-encoding,chunked", "x-split,a!b", "'',x"})
    void ofARequestThatAreMalformedAreRefused(String name, String value) throws Exception {
        assertThat(sent(Http2Wire.block(name, value.replace('!', '\n'))).status())
                .matches("400|reset 1");
    }

    @Test
    void ofARequestThatAreTooManyAreRefused() throws Exception {
        String[] many = new String[2 * 129];
        Arrays.fill(many, "x");
        assertThat(sent(Http2Wire.block(many)).status()).isEqualTo("431");
    }

    /** RFC 9113 section 8.1. */
    @Test
    void ofARequestEndIt() throws Exception {
        try (RouterFixture router = RouterFixture.http(tells());
                Http2Wire client = Http2Wire.connect(router.port())) {
            client.post(1, "/");
            client.send(HEADERS, END_HEADERS, 1, Http2Wire.block("x-sum", "4"));
            assertThat(client.answer(1).status()).isEqualTo("reset 1");
        }
    }

    /** What a client of gRPC sends next may depend on the answer. */
    @Test
    void aConversationBeginsAtOnce() throws Exception {
        Handler echo = exchange -> {
            exchange.response().head(new Response(200, "OK", Fields.of("Content-Type", "application/grpc")));
            exchange.body().read(new RequestBody.Receiver() {
                @Override
                public void data(Chunk chunk) {
                    exchange.response().data(chunk);
                }

                @Override
                public void end() {
                    finish(exchange);
                }

                @Override
                public void failed(Failure failure) {
                    exchange.fail(failure);
                }
            });
        };
        // It owes no pace either.
        try (RouterFixture router = RouterFixture.http(echo, "http-body-min-rate=1000000", "http-min-rate-grace=0");
                Http2Wire client = Http2Wire.connect(router.port())) {
            client.post(1, "/", "content-type", "application/grpc+proto");
            begins(client);
            for (String word : new String[] {"one", "two", "three"}) {
                client.send(DATA, 0, 1, word.getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(client.await(DATA, 1).payload(), StandardCharsets.US_ASCII))
                        .isEqualTo(word);
            }
            client.send(DATA, END_STREAM, 1);
            endsWithTrailers(client);
        }
    }
}
