package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import io.juwsgi.protocol.uwsgi.UwsgiPacket;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages for failures of the server itself, and for nothing else. */
class ErrorPageTest {
    private static final Handler FAILS = exchange -> {
        String path = exchange.request().path();
        if (path.equals("/own")) {
            exchange.response().head(new Response(503, "Own", Fields.of("Content-Length", "3")));
            exchange.response().data(Chunk.of("own".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
            exchange.response().end();
        } else if (path.equals("/middle")) {
            exchange.response().head(new Response(200, "OK", Fields.of("Content-Length", "10")));
            exchange.response().data(Chunk.of(new byte[] {'x'}));
            exchange.eventLoop().execute(() -> exchange.fail(Failure.upstream(502, "cut", "It broke off.")));
        } else {
            exchange.fail(Failure.gateway(Integer.parseInt(path.substring(1)), "on-purpose", "A reason."));
        }
    };

    @TempDir
    Path directory;

    private Path page;

    @BeforeEach
    void write() throws IOException {
        page = Files.writeString(directory.resolve("50x.html"), "<p>Sorry\u2026</p>");
    }

    private static String get(RouterFixture router, String path) throws IOException {
        try (Wire client = router.connect()) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .rest();
        }
    }

    @Test
    void aFailureOfTheServerHasThePage() throws Exception {
        try (RouterFixture router =
                RouterFixture.http(FAILS, "error-page=502-503=" + page, "log-format=%(status) %(why)")) {
            assertThat(get(router, "/503"))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("Content-Type: text/html; charset=utf-8", "Retry-After: 1", "Cache-Control: no-store")
                    .contains("<p>Sorry")
                    .doesNotContain("A reason.");
            assertThat(router.logLine()).isEqualTo("503 on-purpose");
            assertThat(get(router, "/502")).contains("<p>Sorry").doesNotContain("Retry-After");
            assertThat(get(router, "/500")).contains("text/plain", "A reason.").doesNotContain("Sorry");
        }
    }

    @Test
    void whatOthersAnswerIsTheirs() throws Exception {
        try (RouterFixture router = RouterFixture.http(FAILS, "error-page=400-599=" + page)) {
            assertThat(get(router, "/own")).startsWith("HTTP/1.1 503 ").endsWith("own");
            assertThat(get(router, "/middle")).startsWith("HTTP/1.1 200 ").doesNotContain("Sorry");
        }
    }

    @Test
    void whatIsNoRequestAndAHeadHaveItToo() throws Exception {
        try (RouterFixture router = RouterFixture.http(FAILS, "error-page=400-599=" + page)) {
            try (Wire client = router.connect()) {
                assertThat(client.send("nonsense\r\n\r\n").rest())
                        .startsWith("HTTP/1.1 400 ")
                        .contains("Sorry");
            }
            try (Wire client = router.connect()) {
                assertThat(client.send("HEAD /503 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                                .rest())
                        .startsWith("HTTP/1.1 503 ")
                        .contains("text/html")
                        .doesNotContain("Sorry");
            }
        }
    }

    @Test
    void http2AndUwsgiHaveItToo() throws Exception {
        // Larger than one frame.
        String large = "x".repeat(50_000);
        String option = "error-page=502=" + Files.writeString(directory.resolve("502.html"), large);
        try (RouterFixture router = RouterFixture.http(FAILS, option);
                Http2Wire wire = Http2Wire.connect(router.port())) {
            wire.get(1, "/502");
            Http2Wire.Answer answer = wire.answer(1);
            assertThat(answer.status()).isEqualTo("502");
            assertThat(answer.headers().get("content-type")).hasToString("text/html; charset=utf-8");
            assertThat(answer.body()).isEqualTo(large);
        }
        byte[] packet = new UwsgiPacket()
                .add("REQUEST_METHOD", "GET")
                .add("PATH_INFO", "/502")
                .bytes(0, 0);
        try (RouterFixture router = RouterFixture.uwsgi(FAILS, option);
                Wire client = router.connect()) {
            assertThat(client.send(packet).rest())
                    .startsWith("HTTP/1.1 502 ")
                    .contains("text/html")
                    .endsWith("\r\n\r\n" + large);
        }
    }

    @Test
    void aRefusedBodyHasItAndEndsTheConnection() throws Exception {
        try (RouterFixture router = RouterFixture.http(FAILS, "limit-post=3", "error-page=413=" + page);
                Wire client = router.connect()) {
            assertThat(client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n")
                            .rest())
                    .startsWith("HTTP/1.1 413 ")
                    .contains("<p>Sorry");
        }
    }

    @Test
    void uwsgisNamesTakeTheFirstThatIsThere() throws Exception {
        Path text = Files.writeString(directory.resolve("404.txt"), "nothing here");
        try (RouterFixture router = RouterFixture.http(
                FAILS, "error-page-404=/nowhere.html", "error-page-404=" + text, "error-page-500=/nowhere.html")) {
            assertThat(get(router, "/404"))
                    .contains("text/plain; charset=utf-8")
                    .endsWith("nothing here");
            assertThat(get(router, "/500")).contains("A reason.");
        }
    }

    @Test
    void aReloadReadsThemAgain() throws Exception {
        String option = "error-page=503=" + page;
        try (RouterFixture router = RouterFixture.http(FAILS, option)) {
            Files.writeString(page, "another page");
            assertThat(get(router, "/503")).contains("Sorry");
            router.router.adopt(RouterFixture.settings("http=127.0.0.1:0", option));
            assertThat(get(router, "/503")).endsWith("another page");
            Files.delete(page);
            assertThatThrownBy(() -> router.router.adopt(RouterFixture.settings("http=127.0.0.1:0", option)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("no such file");
            assertThat(get(router, "/503")).endsWith("another page");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "503",
                "503=",
                "200=/tmp/a",
                "503-502=/tmp/a",
                "50x=/tmp/a",
                "503=/nowhere/a.html",
                "503=/tmp",
                "503=/dev/zero"
            })
    void mistakesEndTheStart(String wrong) {
        assertThatThrownBy(
                        () -> RouterFixture.http(FAILS, "error-page=" + wrong).close())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("error-page = " + wrong);
    }
}
