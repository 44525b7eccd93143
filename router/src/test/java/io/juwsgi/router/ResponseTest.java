package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResponseTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String LAST = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    private static Chunk chunk(String text) {
        return Chunk.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Handler head(int status, String... fields) {
        return exchange -> exchange.response().head(new Response(status, "X", Fields.of(fields)));
    }

    private static Handler whole(int status, String body, String... fields) {
        return exchange -> {
            head(status, fields).handle(exchange);
            exchange.response().data(chunk(body));
            exchange.response().end();
        };
    }

    private static String exchange(Handler handler, String request) throws Exception {
        try (RouterFixture router = RouterFixture.http(handler);
                Wire client = router.connect()) {
            return client.send(request).rest();
        }
    }

    /** Ends the response in a later turn of the event loop. */
    private static Handler inTwoTurns(String first, String second, String... fields) {
        return exchange -> {
            head(200, fields).handle(exchange);
            exchange.response().data(chunk(first));
            exchange.eventLoop()
                    .execute(() -> exchange.eventLoop().execute(() -> {
                        exchange.response().data(chunk(second));
                        exchange.response().end();
                    }));
        };
    }

    private static Handler hinting() {
        return exchange -> {
            exchange.response().interim(new Response(103, "Early Hints", Fields.of("Link", "</a.css>; rel=preload")));
            exchange.response().interim(new Response(103, "Early Hints", Fields.of("Link", "</b.js>; rel=preload")));
            Apps.answer(exchange, 200, "page");
        };
    }

    @Test
    void earlyHintsGoBeforeTheResponse() throws Exception {
        try (RouterFixture router = RouterFixture.http(hinting());
                Wire client = router.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.head()).isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
            assertThat(client.head()).isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </b.js>; rel=preload\r\n\r\n");
            assertThat(client.response()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("page");
        }
    }

    @Test
    void http10KnowsNoEarlyHints() throws Exception {
        try (RouterFixture router = RouterFixture.http(hinting());
                Wire client = router.connect()) {
            assertThat(client.send("GET / HTTP/1.0\r\n\r\n").rest()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void streamsInChunksWhenTheLengthIsNotKnown() throws Exception {
        assertThat(exchange(inTwoTurns("one", "two"), LAST))
                .contains("Transfer-Encoding: chunked\r\n")
                .doesNotContain("Content-Length")
                .endsWith("\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
    }

    @Test
    void tellsTheLengthOfALargeResponseThatIsComplete() throws Exception {
        assertThat(exchange(whole(200, "x".repeat(200_000)), LAST))
                .contains("Content-Length: 200000\r\n")
                .endsWith("\r\n\r\n" + "x".repeat(200_000));
    }

    @Test
    void streamsWithTheHandlersLength() throws Exception {
        assertThat(exchange(inTwoTurns("one", "two", "content-length", "6"), LAST))
                .contains("Content-Length: 6\r\n")
                .doesNotContain("chunked")
                .endsWith("\r\n\r\nonetwo");
    }

    @Test
    void streamsToHttp10UntilTheEnd() throws Exception {
        assertThat(exchange(inTwoTurns("one", "two"), "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"))
                .contains("Connection: close\r\n")
                .doesNotContain("chunked")
                .endsWith("\r\n\r\nonetwo");
    }

    @Test
    void saysNothingOfABodyIn204() throws Exception {
        assertThat(exchange(whole(204, "x", "Content-Length", "1"), LAST))
                .doesNotContain("Content-Length")
                .endsWith("\r\n\r\n");
    }

    @Test
    void keepsLengthAndDropsBodyIn304() throws Exception {
        assertThat(exchange(whole(304, "x", "Content-Length", "1"), LAST))
                .contains("Content-Length: 1\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void answersHeadWithoutBody() throws Exception {
        assertThat(exchange(
                        whole(200, "hello", "Content-Length", "5"),
                        "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .contains("Content-Length: 5\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void keepsTheConnectionAfterHead() throws Exception {
        try (RouterFixture router = RouterFixture.http(inTwoTurns("one", "two"));
                Wire client = router.connect()) {
            client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + GET);
            assertThat(client.head()).doesNotContain("chunked");
            assertThat(client.response()).endsWith("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
        }
    }

    @Test
    void leavesOutFieldsThatConcernTheConnection() throws Exception {
        String answer = exchange(
                whole(
                        200,
                        "x",
                        "Connection",
                        "upgrade",
                        "Keep-Alive",
                        "1",
                        "Transfer-Encoding",
                        "gzip",
                        "TE",
                        "x",
                        "Trailer",
                        "x",
                        "Upgrade",
                        "x",
                        "Proxy-Connection",
                        "x"),
                LAST);
        assertThat(answer.lines().filter(line -> line.contains(":")))
                .extracting(line -> line.substring(0, line.indexOf(':')))
                .containsExactly("Content-Length", "Server", "Date", "Connection");
    }

    @Test
    void keepsTheHandlersServerAndDate() throws Exception {
        assertThat(exchange(whole(200, "x", "Server", "mine", "date", "then"), LAST))
                .contains("Server: mine\r\n", "date: then\r\n")
                .doesNotContain("juwsgi", "Date:");
    }

    @Test
    void closesWhenTheHandlerAsksForIt() throws Exception {
        assertThat(exchange(whole(200, "x", "Connection", "close"), GET)).contains("Connection: close\r\n");
    }

    @Test
    void refusesAResponseThatWouldSplit() throws Exception {
        for (String value : new String[] {"a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\0b", "\u2028"}) {
            assertThat(exchange(whole(200, "x", "A", value), LAST))
                    .startsWith("HTTP/1.1 500 Internal Server Error\r\n")
                    .doesNotContain("Set-Cookie");
        }
        assertThat(exchange(whole(200, "x", "A b", "c"), LAST)).startsWith("HTTP/1.1 500 ");
        assertThat(exchange(whole(200, "x", "", "c"), LAST)).startsWith("HTTP/1.1 500 ");
    }

    @Test
    void refusesAResponseWhoseLengthIsNoNumber() throws Exception {
        assertThat(exchange(whole(200, "x", "Content-Length", "+1"), LAST)).startsWith("HTTP/1.1 500 ");
        assertThat(exchange(whole(200, "x", "Content-Length", ""), LAST)).startsWith("HTTP/1.1 500 ");
        assertThat(exchange(whole(200, "x", "Content-Length", "1", "Content-Length", "1"), LAST))
                .startsWith("HTTP/1.1 500 ");
    }

    @Test
    void cutsTheConnectionWhenTheBodyIsTooShort() throws Exception {
        assertThat(exchange(whole(200, "abc", "Content-Length", "5"), GET))
                .satisfiesAnyOf(
                        answer -> assertThat(answer).endsWith("<reset>"),
                        answer -> assertThat(answer).endsWith("\r\n\r\nabc"));
    }

    @Test
    void dropsWhatGoesBeyondTheLength() throws Exception {
        try (RouterFixture router = RouterFixture.http(whole(200, "abcdef", "Content-Length", "3"));
                Wire client = router.connect()) {
            assertThat(client.send(GET + GET).response()).endsWith("\r\n\r\nabc");
            assertThat(client.response()).endsWith("\r\n\r\nabc");
            assertThat(router.logLine()).contains("why=response-too-long");
        }
    }

    @Test
    void answers500WithoutInternalsWhenTheHandlerThrows() throws Exception {
        Handler handler = exchange -> {
            throw new IllegalStateException("secret");
        };
        try (RouterFixture router = RouterFixture.http(handler);
                Wire client = router.connect()) {
            String answer = client.send(GET).response();
            assertThat(answer)
                    .startsWith("HTTP/1.1 500 Internal Server Error\r\n")
                    .contains("Content-Type: text/plain")
                    .doesNotContain("secret", "Exception");
            String log = router.logLine();
            assertThat(log).contains("why=exception id=");
            assertThat(answer).contains("Request id: " + log.substring(log.indexOf("id=") + 3));
        }
    }

    @Test
    void replacesAHeadThatWasNotSentByTheError() throws Exception {
        Handler handler = exchange -> {
            head(200).handle(exchange);
            exchange.response().data(chunk("x"));
            exchange.fail(Failure.upstream(502, "worker-died", "The application process died."));
        };
        assertThat(exchange(handler, LAST))
                .startsWith("HTTP/1.1 502 Bad Gateway\r\n")
                .contains("The application process died.");
    }

    @Test
    void cutsTheConnectionWhenAStreamFails() throws Exception {
        Handler handler = exchange -> {
            head(200).handle(exchange);
            exchange.response().data(chunk("x"));
            exchange.eventLoop()
                    .execute(() -> exchange.eventLoop()
                            .execute(() -> exchange.fail(
                                    Failure.upstream(502, "worker-died", "The application process died."))));
        };
        assertThat(exchange(handler, GET)).doesNotContain("0\r\n\r\n");
    }

    @Test
    void everyErrorPageTellsStatusReasonAndRequestId() throws Exception {
        for (int status : new int[] {400, 404, 408, 413, 414, 431, 500, 502, 503, 504}) {
            Handler handler = exchange -> exchange.fail(Failure.gateway(status, "why", "A plain reason."));
            assertThat(exchange(handler, LAST))
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("\n\nA plain reason.\n\n")
                    .containsPattern("Request id: [0-9a-f]{16}\n$");
        }
    }

    @Test
    void answersErrorsToHeadWithoutBody() throws Exception {
        Handler handler = exchange -> exchange.fail(Failure.gateway(503, "full", "All is busy."));
        assertThat(exchange(handler, "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                .contains("Retry-After: 1\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void answersInOrderAndOneAtATime() throws Exception {
        AtomicReference<Exchange> held = new AtomicReference<>();
        CountDownLatch came = new CountDownLatch(1);
        Handler handler = exchange -> {
            if (exchange.request().path().equals("/slow")) {
                Apps.hold(held, came).handle(exchange);
            } else {
                Apps.answer(exchange, 200, exchange.request().path());
            }
        };
        try (RouterFixture router = RouterFixture.http(handler);
                Wire client = router.connect()) {
            client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n" + GET);
            assertThat(came.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(router.router.stats().requests()).isZero();
            Exchange slow = held.get();
            slow.eventLoop().execute(() -> Apps.answer(slow, 200, "slow"));
            assertThat(client.response()).endsWith("slow");
            assertThat(client.response()).endsWith("/b");
            assertThat(client.response()).endsWith("/");
        }
    }

    @Test
    void sendsPartOfAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "0123456789".repeat(100_000));
        AtomicReference<FileChannel> opened = new AtomicReference<>();
        for (String[] fields : new String[][] {{}, {"Content-Length", "999995"}}) {
            Handler handler = exchange -> {
                head(200, fields).handle(exchange);
                try {
                    opened.set(FileChannel.open(file));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                exchange.response().file(new FileRegion(opened.get(), 5, 999_995));
                exchange.response().end();
            };
            String answer = exchange(handler, LAST);
            assertThat(answer.replaceAll("(?s)^.*?\r\n\r\n(f423b\r\n)?", "").replace("\r\n0\r\n\r\n", ""))
                    .isEqualTo("56789" + "0123456789".repeat(99_999));
            assertThat(opened.get().isOpen()).isFalse();
            assertThat(exchange(handler, "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .endsWith("\r\n\r\n");
            assertThat(opened.get().isOpen()).isFalse();
        }
    }

    @Test
    void tellsTheHandlerWhenTheClientIsGone() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        AtomicReference<Exchange> held = new AtomicReference<>();
        CountDownLatch came = new CountDownLatch(1);
        Handler handler = exchange -> {
            exchange.onEnd(ended::countDown);
            Apps.hold(held, came).handle(exchange);
        };
        try (RouterFixture router = RouterFixture.http(handler)) {
            try (Wire client = router.connect()) {
                client.send(GET);
                assertThat(came.await(20, TimeUnit.SECONDS)).isTrue();
                client.socket().setSoLinger(true, 0);
            }
            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(router.logLine()).contains("(HTTP/1.1 499)", "why=client-gone");
        }
    }

    @Test
    void showsThePageThatTellsHowToLoadAnApplication() throws Exception {
        try (Router router = new Router(RouterFixture.settings("http=127.0.0.1:0"), line -> {});
                Wire client = Wire.tcp(router.bind().getFirst().port())) {
            assertThat(client.send(GET).response())
                    .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                    .contains("juwsgi --http :8000 --wsgi-file app.py --callable app");
        }
    }
}
