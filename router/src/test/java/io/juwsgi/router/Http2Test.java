package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.router.Http2Wire.Answer;
import io.juwsgi.router.Http2Wire.Frame;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP/2, frame by frame. */
class Http2Test {
    /** Keeps exchanges, in order of arrival. */
    private static final class Keeper implements Handler {
        final BlockingQueue<Exchange> kept = new LinkedBlockingQueue<>();

        @Override
        public void handle(Exchange exchange) {
            kept.add(exchange);
        }

        Exchange next() throws InterruptedException {
            Exchange exchange = kept.poll(20, TimeUnit.SECONDS);
            assertThat(exchange).isNotNull();
            return exchange;
        }
    }

    private static void on(Exchange exchange, Runnable action) {
        exchange.eventLoop().execute(action);
    }

    @Test
    void answersManyRequestsInAnyOrder() throws Exception {
        Keeper keeper = new Keeper();
        try (RouterFixture fixture = RouterFixture.http(keeper);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.get(1, "/first");
            wire.get(3, "/second");
            Exchange first = keeper.next();
            Exchange second = keeper.next();
            on(second, () -> Apps.answer(second, 200, second.request().path()));
            Answer early = wire.answer(3);
            assertThat(early.body()).isEqualTo("/second");
            assertThat(early.headers().get("content-length")).hasToString("7");
            assertThat(early.headers().get("server")).hasToString("juwsgi");
            assertThat(early.headers().get("date").toString()).endsWith("GMT");
            on(first, () -> Apps.answer(first, 404, "no"));
            assertThat(wire.answer(1).status()).isEqualTo("404");
            assertThat(fixture.logLine()).contains("GET /second").contains("(HTTP/2.0 200)");
        }
    }

    @Test
    void thePrefaceMayComeByteByByte() throws Exception {
        try (RouterFixture fixture = RouterFixture.http(Apps.text("hello"));
                Http2Wire wire = Http2Wire.bare(fixture.port())) {
            for (byte b : Http2Wire.PREFACE.getBytes(StandardCharsets.US_ASCII)) {
                wire.raw(new byte[] {b});
            }
            for (byte b : Http2Wire.frame(Http2Wire.SETTINGS, 0, 0)) {
                wire.raw(new byte[] {b});
            }
            wire.get(1, "/");
            assertThat(wire.answer(1).body()).isEqualTo("hello");
        }
    }

    @Test
    void whatBeginsLikeThePrefaceAndIsNoneIsHttp1() throws Exception {
        try (RouterFixture fixture = RouterFixture.http(Apps.text("hello"));
                Wire wire = fixture.connect()) {
            assertThat(wire.send("PRI * HTTP/2.0\r\n\r\nXX").rest()).contains("400 Bad Request");
        }
        try (RouterFixture fixture = RouterFixture.http(Apps.text("hello"), "http2=false");
                Wire wire = fixture.connect()) {
            assertThat(wire.send(Http2Wire.PREFACE).rest()).contains("400 Bad Request");
        }
    }

    @Test
    void variablesAreThoseOfAnyRequest() throws Exception {
        try (RouterFixture fixture = RouterFixture.http(Apps.mirror());
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.post(
                    1,
                    "/a%20b/../c?d=e",
                    "cookie",
                    "x=1",
                    "x_y",
                    "dropped",
                    "cookie",
                    "y=2",
                    "proxy",
                    "evil",
                    "te",
                    "trailers",
                    "x-one",
                    "1");
            wire.send(Http2Wire.DATA, 0, 1, "bo".getBytes(StandardCharsets.US_ASCII));
            wire.send(Http2Wire.DATA, 0, 1, "dy".getBytes(StandardCharsets.US_ASCII));
            // Trailers end the body.
            wire.send(
                    Http2Wire.HEADERS, Http2Wire.END_HEADERS | Http2Wire.END_STREAM, 1, Http2Wire.block("x-end", "1"));
            String body = wire.answer(1).body();
            assertThat(body.lines())
                    .contains(
                            "REQUEST_METHOD=POST",
                            "REQUEST_URI=/a%20b/../c?d=e",
                            "PATH_INFO=/c",
                            "QUERY_STRING=d=e",
                            "SERVER_PROTOCOL=HTTP/2.0",
                            "HTTP_HOST=a.example",
                            "HTTP_COOKIE=x=1; y=2",
                            "HTTP_X_ONE=1",
                            "CONTENT_LENGTH=4",
                            "body")
                    .noneMatch(line -> line.contains("dropped") || line.contains("evil") || line.startsWith("HTTP_TE"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "X-Upper, 1, 400 reset",
        "connection, close, 400 reset",
        "transfer-encoding, chunked, 400 reset",
        "te, gzip, 400 reset",
        "host, b.example, 400",
        "content-length, 5, reset",
        "expect, magic, 417",
        "x-blank, ' x', 400 reset",
        ":late, 1, reset"
    })
    void malformedRequestsAreRefused(String name, String value, String expected) throws Exception {
        try (RouterFixture fixture = RouterFixture.http(Apps.text("hello"));
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.get(1, "/", name, value);
            assertThat(expected).contains(wire.answer(1).status().split(" ")[0]);
            // Nobody else suffers.
            wire.get(3, "/");
            assertThat(wire.answer(3).body()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @CsvSource({"' ', /, 400", "GET, nopath, 400", "GET, '/a b', 400", "CONNECT, /, 501", "GET, '', 400"})
    void badMethodsAndTargetsAreRefused(String method, String path, String expected) throws Exception {
        try (RouterFixture fixture = RouterFixture.http(Apps.text("hello"));
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.send(
                    Http2Wire.HEADERS,
                    Http2Wire.END_HEADERS | Http2Wire.END_STREAM,
                    1,
                    Http2Wire.request(method, path));
            assertThat(wire.answer(1).status())
                    .satisfiesAnyOf(
                            status -> assertThat(status).isEqualTo(expected),
                            status -> assertThat(status).startsWith("reset"));
            wire.get(3, "/");
            assertThat(wire.answer(3).body()).isEqualTo("hello");
        }
    }

    @Test
    void aResponseWaitsForTheClientsWindow() throws Exception {
        Apps.Producer producer = new Apps.Producer(64);
        try (RouterFixture fixture = RouterFixture.http(producer);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.get(1, "/");
            int got = 0;
            while (got < 65_535) {
                got += wire.await(Http2Wire.DATA, 1).payload().length;
            }
            assertThat(got).isEqualTo(65_535);
            assertThat(producer.produced.get()).isLessThan(8);
            wire.send(Http2Wire.WINDOW_UPDATE, 0, 0, Http2Wire.number(64 * 65_536));
            wire.send(Http2Wire.WINDOW_UPDATE, 0, 1, Http2Wire.number(64 * 65_536));
            Frame last;
            do {
                last = wire.await(Http2Wire.DATA, 1);
                got += last.payload().length;
            } while (!last.has(Http2Wire.END_STREAM));
            assertThat(got).isEqualTo(64 * 65_536);
        }
    }

    @Test
    void aBodyThatNobodyReadsIsNotAskedFor() throws Exception {
        Keeper keeper = new Keeper();
        int gathered = 64 * 1024;
        int window = 256 * 1024;
        try (RouterFixture fixture = RouterFixture.http(keeper);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            // The window that we are given counts from our answer to it on.
            wire.await(Http2Wire.SETTINGS, 0);
            wire.post(1, "/", "content-length", "1000000");
            byte[] part = new byte[16 * 1024];
            for (int sent = 0; sent < window; sent += part.length) {
                wire.send(Http2Wire.DATA, 0, 1, part);
            }
            Exchange exchange = keeper.next();
            wire.send(Http2Wire.PING, 0, 0, new byte[8]);
            int allowed = 0;
            for (Frame frame = wire.read(); frame.type() != Http2Wire.PING; frame = wire.read()) {
                if (frame.type() == Http2Wire.WINDOW_UPDATE && frame.stream() == 1) {
                    allowed += frame.number(0);
                }
            }
            assertThat(allowed).isLessThanOrEqualTo(gathered + part.length);
            on(exchange, () -> Apps.collect(exchange, body -> Apps.answer(exchange, 200, "" + body.length())));
            int sent = window;
            while (sent < 1_000_000) {
                allowed += wire.await(Http2Wire.WINDOW_UPDATE, 1).number(0);
                for (; sent < 1_000_000 && sent + part.length <= window + allowed; sent += part.length) {
                    int count = Math.min(part.length, 1_000_000 - sent);
                    boolean last = sent + count == 1_000_000;
                    wire.send(Http2Wire.DATA, last ? Http2Wire.END_STREAM : 0, 1, new byte[count]);
                }
            }
            assertThat(wire.answer(1).body()).isEqualTo("1000000");
        }
    }

    @Test
    void aBodyBeyondTheLimitIsRefusedAndTheRestIsNotWanted() throws Exception {
        try (RouterFixture fixture = RouterFixture.http(Apps.echo(), "limit-post=1000");
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.post(1, "/", "content-length", "2000");
            assertThat(wire.answer(1).status()).isEqualTo("413");
            assertThat(wire.await(Http2Wire.RST_STREAM, 1).number(0)).isZero();
            wire.post(3, "/");
            wire.send(Http2Wire.DATA, 0, 3, new byte[1500]);
            assertThat(wire.answer(3).status()).isEqualTo("413");
            assertThat(fixture.logLine()).contains("why=body-too-large");
        }
    }

    @Test
    void aClientThatWaitsForContinueGetsIt() throws Exception {
        try (RouterFixture fixture = RouterFixture.http(Apps.echo());
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.post(1, "/", "expect", "100-continue", "content-length", "2");
            Frame interim = wire.await(Http2Wire.HEADERS, 1);
            assertThat(wire.decode(interim).status()).hasToString("100");
            wire.send(Http2Wire.DATA, Http2Wire.END_STREAM, 1, new byte[] {'o', 'k'});
            assertThat(wire.answer(1).body()).isEqualTo("ok");
        }
    }

    @Test
    void aResetEndsTheExchangeAndNothingElse() throws Exception {
        Keeper keeper = new Keeper();
        try (RouterFixture fixture = RouterFixture.http(keeper);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.get(1, "/");
            Exchange exchange = keeper.next();
            CountDownLatch ended = new CountDownLatch(1);
            on(exchange, () -> exchange.onEnd(ended::countDown));
            wire.send(Http2Wire.RST_STREAM, 0, 1, Http2Wire.number(8));
            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(fixture.logLine()).contains("why=client-gone");
            wire.get(3, "/");
            Exchange other = keeper.next();
            on(other, () -> Apps.answer(other, 200, "fine"));
            assertThat(wire.answer(3).body()).isEqualTo("fine");
        }
    }

    @Test
    void aResponseThatBreaksAfterItsHeadIsReset() throws Exception {
        Keeper keeper = new Keeper();
        try (RouterFixture fixture = RouterFixture.http(keeper);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.get(1, "/");
            Exchange exchange = keeper.next();
            on(exchange, () -> {
                exchange.response().head(new Response(200, "OK", Fields.of("content-length", "10")));
                exchange.response().data(Chunk.of(new byte[4]));
                exchange.response().end();
            });
            assertThat(wire.answer(1).status()).isEqualTo("reset 2");
            assertThat(fixture.logLine()).contains("why=response-too-short");
        }
    }

    @Test
    void headAndEmptyResponsesEndWithTheirHead() throws Exception {
        try (RouterFixture fixture = RouterFixture.http(Apps.text("hello"));
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.send(
                    Http2Wire.HEADERS, Http2Wire.END_HEADERS | Http2Wire.END_STREAM, 1, Http2Wire.request("HEAD", "/"));
            Frame head = wire.await(Http2Wire.HEADERS, 1);
            assertThat(head.has(Http2Wire.END_STREAM)).isTrue();
            assertThat(wire.decode(head).status()).hasToString("200");
            assertThat(fixture.logLine()).doesNotContain("why=");
        }
    }

    @Test
    void aBodyThatDoesNotComeIsGivenUpOnItsStreamAlone() throws Exception {
        Keeper keeper = new Keeper();
        try (RouterFixture fixture = RouterFixture.http(keeper, "http-timeout=1");
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.get(1, "/");
            Exchange held = keeper.next();
            wire.post(3, "/", "content-length", "5");
            assertThat(wire.answer(3).status()).isEqualTo("408");
            on(held, () -> Apps.answer(held, 200, "fine"));
            assertThat(wire.answer(1).body()).isEqualTo("fine");
        }
    }

    @Test
    void earlyHintsAreAHeadOfTheirOwn() throws Exception {
        Handler handler = exchange -> {
            exchange.response().interim(new Response(103, "Early Hints", Fields.of("Link", "</a.css>; rel=preload")));
            Apps.answer(exchange, 200, "page");
        };
        try (RouterFixture fixture = RouterFixture.http(handler);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.get(1, "/");
            Http2Wire.Frame hints = wire.await(Http2Wire.HEADERS, 1);
            assertThat(hints.has(Http2Wire.END_STREAM)).isFalse();
            assertThat(wire.decode(hints).status()).hasToString("103");
            Http2Wire.Answer answer = wire.answer(1);
            assertThat(answer.status()).isEqualTo("200");
            assertThat(answer.body()).isEqualTo("page");
        }
    }

    @Test
    void aBodyThatComesTooSlowlyIsGivenUpOnItsStreamAlone() throws Exception {
        Keeper keeper = new Keeper();
        try (RouterFixture fixture = RouterFixture.http(keeper, "http-body-min-rate=1000", "http-min-rate-grace=1");
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.get(1, "/");
            Exchange held = keeper.next();
            wire.post(3, "/", "content-length", "5000");
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        wire.send(Http2Wire.DATA, 0, 3, new byte[] {'x'});
                        Thread.sleep(20);
                    }
                } catch (IOException | InterruptedException e) {
                    // The end of the test.
                }
            });
            assertThat(wire.answer(3).status()).isEqualTo("408");
            assertThat(fixture.logLine()).contains("why=body-too-slow");
            on(held, () -> Apps.answer(held, 200, "fine"));
            assertThat(wire.answer(1).body()).isEqualTo("fine");
        }
    }

    @Test
    void aClientThatOpensItsWindowTooSlowlyLosesTheStream() throws Exception {
        try (RouterFixture fixture = RouterFixture.http(
                        new Apps.Producer(1000), "http-response-min-rate=1000000", "http-min-rate-grace=1");
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.get(1, "/");
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        wire.send(Http2Wire.WINDOW_UPDATE, 0, 1, Http2Wire.number(16_384));
                        wire.send(Http2Wire.WINDOW_UPDATE, 0, 0, Http2Wire.number(16_384));
                        Thread.sleep(100);
                    }
                } catch (IOException | InterruptedException e) {
                    // The end of the test.
                }
            });
            assertThat(wire.await(Http2Wire.RST_STREAM, 1).number(0)).isEqualTo(8);
            assertThat(fixture.logLine()).contains("why=client-reads-too-slowly");
        }
    }

    @Test
    void aClientThatGivesNoWindowLosesTheStream() throws Exception {
        try (RouterFixture fixture = RouterFixture.http(new Apps.Producer(1000), "http-timeout=1");
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.get(1, "/");
            assertThat(wire.await(Http2Wire.RST_STREAM, 1).number(0)).isEqualTo(8);
            assertThat(fixture.logLine()).contains("why=client-does-not-read");
        }
    }

    @Test
    void drainingSaysGoodbyeAndLetsRequestsFinish() throws Exception {
        Keeper keeper = new Keeper();
        try (RouterFixture fixture = RouterFixture.http(keeper);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.get(1, "/");
            Exchange exchange = keeper.next();
            var drained = fixture.router.drain(Duration.ofSeconds(20));
            assertThat(wire.await(Http2Wire.GOAWAY, 0).number(4)).isZero();
            on(exchange, () -> Apps.answer(exchange, 200, "last"));
            assertThat(wire.answer(1).body()).isEqualTo("last");
            assertThat(wire.read()).isNull();
            drained.toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void anIdleConnectionIsClosedWithGoodbye() throws Exception {
        try (RouterFixture fixture = RouterFixture.http(Apps.text("hello"), "http-keepalive=2");
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.get(1, "/");
            assertThat(wire.answer(1).body()).isEqualTo("hello");
            assertThat(wire.goAway()).isZero();
        }
    }

    @Test
    void aLostConnectionEndsAllExchanges() throws Exception {
        Keeper keeper = new Keeper();
        try (RouterFixture fixture = RouterFixture.http(keeper)) {
            AtomicReference<CountDownLatch> ended = new AtomicReference<>(new CountDownLatch(2));
            try (Http2Wire wire = Http2Wire.connect(fixture.port())) {
                wire.get(1, "/");
                wire.get(3, "/");
                for (int i = 0; i < 2; i++) {
                    Exchange exchange = keeper.next();
                    on(exchange, () -> exchange.onEnd(() -> ended.get().countDown()));
                }
            }
            assertThat(ended.get().await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
