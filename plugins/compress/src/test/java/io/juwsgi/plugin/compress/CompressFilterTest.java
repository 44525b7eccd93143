package io.juwsgi.plugin.compress;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.testkit.TestChain;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is compressed, how, and what is not. */
class CompressFilterTest {
    private static final String TEXT = "the same words again and again ".repeat(100);
    private static final String[] HTML = {"Content-Type", "text/html; charset=utf-8", "ETag", "\"v1\""};

    private static TestChain chain(String... options) throws Exception {
        String[] all = options.length == 0 ? new String[] {"--compress"} : options;
        TestChain chain = TestChain.of(new CompressPlugin(), all);
        chain.application().answers(200, TEXT, HTML);
        return chain;
    }

    private static TestExchange get(TestChain chain, String accepts) {
        return chain.send(TestRequest.get("/").field("Accept-Encoding", accepts));
    }

    private static String decoded(TestExchange answer) throws IOException {
        return new String(stream(answer).readAllBytes(), StandardCharsets.UTF_8);
    }

    private static InputStream stream(TestExchange answer) throws IOException {
        InputStream in = new ByteArrayInputStream(answer.bytes());
        return switch (String.valueOf(answer.field("Content-Encoding"))) {
            case "gzip" -> new GZIPInputStream(in);
            case "br" -> {
                BrotliInputStream brotli = new BrotliInputStream(in);
                brotli.enableEagerOutput();
                yield brotli;
            }
            case "zstd" -> new ZstdInputStream(in).setContinuous(true);
            default -> in;
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        gzip, deflate, br, zstd      | zstd
        gzip, deflate, br            | br
        gzip                         | gzip
        GZIP;q=0.5                   | gzip
        gzip;q=1.0, br;q=0.9         | gzip
        *                            | zstd
        *;q=0.1, gzip;q=0            | zstd
        zstd;q=0, *                  | br
        identity;q=0, gzip           | gzip
        identity, gzip;q=0.5         |
        deflate                      |
        gzip;q=0                     |
        gzipped                      |
        ''                           |
        """)
    void theClientsWishCounts(String accepts, String coding) throws Exception {
        try (TestChain chain = chain()) {
            TestExchange answer = get(chain, accepts);
            assertThat(answer.field("Content-Encoding")).isEqualTo(coding);
            assertThat(answer.field("Vary")).isEqualTo("Accept-Encoding");
            assertThat(answer.field("ETag")).isEqualTo(coding == null ? "\"v1\"" : "W/\"v1\"");
            assertThat(decoded(answer)).isEqualTo(TEXT);
            if (coding != null) {
                assertThat(answer.size()).isLessThan(TEXT.length() / 5);
                assertThat(answer.field("Content-Length")).isNull();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200,Content-Type,image/png",
        "200,Content-Encoding,br",
        "200,Cache-Control,'public, No-Transform'",
        "200,Content-Length,100",
        "206,Content-Range,bytes 0-1/2",
        "206,X,y"
    })
    void otherResponsesStayAsTheyAre(int status, String name, String value) throws Exception {
        try (TestChain chain = chain()) {
            String type = name.equals("Content-Type") ? value : "text/html";
            chain.application().answers(status, TEXT, "Content-Type", type, name, value);
            TestExchange answer = get(chain, "gzip");
            assertThat(answer.text()).isEqualTo(TEXT);
            assertThat(answer.field("Vary")).isNull();
        }
    }

    @Test
    void smallOnesStayAsTheyAre() throws Exception {
        try (TestChain chain = chain()) {
            chain.application().answers(200, "small", HTML);
            TestExchange answer = get(chain, "gzip");
            assertThat(answer.text()).isEqualTo("small");
            assertThat(answer.field("ETag")).isEqualTo("\"v1\"");
            chain.application().answers(404, TEXT, HTML);
            assertThat(get(chain, "gzip").field("Content-Encoding")).isEqualTo("gzip");
        }
    }

    /** RFC 9530: a digest is of the bytes that are sent, before the body or behind it. */
    @Test
    void digestsOfWhatIsNotSentAreForgotten() throws Exception {
        try (TestChain chain = chain()) {
            chain.application().handledBy(exchange -> {
                Fields head = Fields.of("Content-Type", "text/html", "Repr-Digest", "x");
                exchange.response().head(new Response(200, "OK", head));
                exchange.response().data(Chunk.of("words ".repeat(1000).getBytes(StandardCharsets.US_ASCII)));
                exchange.response().trailers(Fields.of("Content-Digest", "x", "X-Sum", "1"));
                exchange.response().end();
            });
            TestExchange plain = chain.send(TestRequest.get("/"));
            assertThat(plain.field("Repr-Digest")).isEqualTo("x");
            assertThat(plain.trailers()).hasToString("Content-Digest: x\nX-Sum: 1\n");
            TestExchange coded = chain.send(TestRequest.get("/").field("Accept-Encoding", "gzip"));
            assertThat(coded.field("Content-Encoding")).isEqualTo("gzip");
            assertThat(coded.field("Repr-Digest")).isNull();
            assertThat(coded.trailers()).hasToString("X-Sum: 1\n");
        }
    }

    @Test
    void headSaysWhatGetWouldSay() throws Exception {
        try (TestChain chain = chain()) {
            chain.application().answers(200, TEXT, "Content-Type", "text/css", "Content-Length", "3100");
            TestExchange answer = chain.send(TestRequest.of("HEAD", "/").field("Accept-Encoding", "gzip"));
            assertThat(answer.field("Content-Encoding")).isEqualTo("gzip");
            assertThat(answer.field("Content-Length")).isNull();
            assertThat(answer.size()).isZero();
        }
    }

    @Test
    void a304NamesTheTagThatTheClientHas() throws Exception {
        try (TestChain chain = chain()) {
            chain.application().answers(304, "", "ETag", "\"v1\"");
            TestRequest request = TestRequest.get("/").field("Accept-Encoding", "gzip");
            assertThat(chain.send(request.field("If-None-Match", "W/\"v1\"")).field("ETag"))
                    .isEqualTo("W/\"v1\"");
            assertThat(chain.send(request.field("If-None-Match", "\"v1\"")).field("ETag"))
                    .isEqualTo("\"v1\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd", "br", "gzip"})
    void eventsFlow(String coding) throws Exception {
        try (TestChain chain = chain()) {
            AtomicReference<Exchange> held = new AtomicReference<>();
            chain.application().handledBy(inside -> {
                held.set(inside);
                inside.response().head(new Response(200, "OK", Fields.of("Content-Type", "text/event-stream")));
                inside.response().data(chunk("data: one\n\n"));
            });
            TestExchange exchange =
                    chain.begin(chain.exchange(TestRequest.get("/").field("Accept-Encoding", coding)));
            chain.settle();
            assertThat(firstLine(exchange)).isEqualTo("data: one");
            int before = exchange.size();
            chain.loop().execute(() -> held.get().response().data(chunk("data: two\n\n")));
            chain.settle();
            chain.settle();
            assertThat(exchange.size()).isGreaterThan(before);
            chain.loop().execute(() -> held.get().response().end());
            exchange.awaitEnd();
            assertThat(decoded(exchange)).isEqualTo("data: one\n\ndata: two\n\n");
        }
    }

    private static String firstLine(TestExchange exchange) throws IOException {
        InputStream in = stream(exchange);
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static Chunk chunk(String text) {
        return Chunk.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void filesAreReadAsTheClientTakesThem(@TempDir Path directory) throws Exception {
        String content = "0123456789abcdef".repeat(64 * 1024);
        Path file = Files.writeString(directory.resolve("file.txt"), content);
        try (TestChain chain = chain()) {
            chain.application().handledBy(inside -> {
                inside.response()
                        .head(new Response(
                                200, "OK", Fields.of("Content-Type", "text/plain", "Content-Length", "1048576")));
                try {
                    inside.response().file(new FileRegion(FileChannel.open(file), 0, 524_288));
                    inside.response().file(new FileRegion(FileChannel.open(file), 524_288, 524_288));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                inside.response().end();
            });
            TestExchange exchange = chain.exchange(TestRequest.get("/").field("Accept-Encoding", "gzip"));
            exchange.writable(false);
            chain.begin(exchange);
            chain.settle();
            assertThat(exchange.ended()).isFalse();
            exchange.writable(true);
            exchange.awaitEnd();
            assertThat(decoded(exchange)).isEqualTo(content);
        }
    }

    @Test
    void aFileThatIsShorterThanWasToldEndsTheExchange(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file.txt"), "0".repeat(100_000));
        try (TestChain chain = chain()) {
            chain.application().handledBy(inside -> {
                inside.response()
                        .head(new Response(
                                200, "OK", Fields.of("Content-Type", "text/plain", "Content-Length", "200000")));
                try {
                    inside.response().file(new FileRegion(FileChannel.open(file), 0, 200_000));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                inside.response().end();
            });
            TestExchange exchange = chain.send(TestRequest.get("/").field("Accept-Encoding", "gzip"));
            assertThat(exchange.complete()).isFalse();
            assertThat(exchange.failure().why()).isEqualTo("compress-failed");
        }
    }

    @Test
    void autoGzipDoesWhatTheApplicationSays() throws Exception {
        try (TestChain chain = chain("--http-auto-gzip")) {
            chain.application().answers(200, "short", "Content-Type", "image/png", "uWSGI-Encoding", "gzip");
            TestExchange answer = get(chain, "gzip");
            assertThat(answer.field("Content-Encoding")).isEqualTo("gzip");
            assertThat(answer.field("uWSGI-Encoding")).isNull();
            assertThat(decoded(answer)).isEqualTo("short");
            TestExchange plain = chain.get("/");
            assertThat(plain.text()).isEqualTo("short");
            assertThat(plain.field("uWSGI-Encoding")).isNull();
            chain.application().answers(200, TEXT, HTML);
            assertThat(get(chain, "gzip").field("Content-Encoding")).isNull();
        }
    }

    @Test
    void typesAndCodingsMayBeChosen() throws Exception {
        try (TestChain chain = chain("--compress-types", "image/*", "--compress-codings", "gzip")) {
            assertThat(get(chain, "gzip, br").field("Content-Encoding")).isNull();
            chain.application().answers(200, TEXT, "Content-Type", "IMAGE/x-own");
            assertThat(get(chain, "gzip, br").field("Content-Encoding")).isEqualTo("gzip");
        }
    }
}
