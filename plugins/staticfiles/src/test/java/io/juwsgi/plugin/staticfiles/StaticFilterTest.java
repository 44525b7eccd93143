package io.juwsgi.plugin.staticfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.testkit.TestChain;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered with files, and what never is. */
class StaticFilterTest {
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2026-01-02T03:04:05Z"));

    @TempDir
    Path directory;

    Path root;

    @BeforeEach
    void files() throws Exception {
        root = Files.createDirectory(directory.resolve("app"));
        write("app/hello.txt", "hello");
        write("app/page.html", "<p>");
        write("app/deep/er/style.css", "p {}");
        write("app/.secret", "secret");
        write("app/.well-known/thing", "known");
        write("app/large.bin", "0123456789".repeat(10_000));
        write("app-private/key", "private");
        write("outside.txt", "outside");
    }

    private Path write(String name, String text) throws Exception {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, LONG_AGO);
        return file;
    }

    private TestChain chain(String... more) throws Exception {
        List<String> options = new ArrayList<>(List.of("--static-map", "/s=" + root));
        options.addAll(List.of(more));
        TestChain chain = TestChain.of(new StaticPlugin(), options.toArray(String[]::new));
        chain.application().answers(200, "application");
        return chain;
    }

    @Test
    void aFileIsSentWithTypeLengthAndValidators() throws Exception {
        try (TestChain chain = chain()) {
            TestExchange answer = chain.get("/s/hello.txt");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("hello");
            assertThat(answer.field("Content-Type")).isEqualTo("text/plain");
            assertThat(answer.field("Content-Length")).isEqualTo("5");
            assertThat(answer.field("Last-Modified")).isEqualTo("Fri, 02 Jan 2026 03:04:05 GMT");
            assertThat(answer.field("ETag")).matches("\"[0-9a-f]+-5\"");
            assertThat(chain.get("/s/large.bin").size()).isEqualTo(100_000);
            assertThat(chain.asked()).isEmpty();
        }
    }

    @Test
    void headSaysTheSameWithoutABody() throws Exception {
        try (TestChain chain = chain()) {
            TestExchange answer = chain.send(TestRequest.of("HEAD", "/s/large.bin"));
            assertThat(answer.field("Content-Length")).isEqualTo("100000");
            assertThat(answer.size()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/s/missing",
                "/s/../outside.txt",
                "/s/..%2foutside.txt",
                "/s/%2e%2e/outside.txt",
                "/s/%252e%252e/outside.txt",
                "/s/..%5coutside.txt",
                "/s/deep/../../outside.txt",
                "/s/./hello.txt",
                "/s/hello.txt%00",
                "/s/hello.txt/",
                "/s/%c0%ae%c0%ae/outside.txt",
                "/s/%ff",
                "/s/.secret",
                "/s/deep/.well-known/thing",
                "/s/deep",
                "/s",
                "/s-private/key",
                "/shello.txt",
                "/s/../app-private/key",
                "/hello.txt"
            })
    void everythingElseIsTheApplications(String target) throws Exception {
        try (TestChain chain = chain()) {
            assertThat(chain.get(target).text()).isEqualTo("application");
        }
    }

    @Test
    void otherMethodsAreTheApplications() throws Exception {
        try (TestChain chain = chain("--static-skip-ext", ".html")) {
            assertThat(chain.send(TestRequest.post("/s/hello.txt")).text()).isEqualTo("application");
            assertThat(chain.get("/s/page.html").text()).isEqualTo("application");
        }
    }

    @Test
    void linksMayLeadInsideOnly() throws Exception {
        Files.createSymbolicLink(root.resolve("in.txt"), Path.of("hello.txt"));
        Files.createSymbolicLink(root.resolve("out.txt"), Path.of("../outside.txt"));
        Files.createSymbolicLink(root.resolve("private"), Path.of("../app-private"));
        try (TestChain chain = chain()) {
            assertThat(chain.get("/s/in.txt").text()).isEqualTo("hello");
            assertThat(chain.get("/s/out.txt").text()).isEqualTo("application");
            assertThat(chain.get("/s/private/key").text()).isEqualTo("application");
        }
        try (TestChain chain = chain("--static-links", "off")) {
            assertThat(chain.get("/s/in.txt").text()).isEqualTo("application");
            assertThat(chain.get("/s/hello.txt").text()).isEqualTo("hello");
        }
        try (TestChain chain =
                chain("--static-safe", directory.resolve("app-private").toString())) {
            assertThat(chain.get("/s/private/key").text()).isEqualTo("private");
            assertThat(chain.get("/s/out.txt").text()).isEqualTo("application");
        }
    }

    @Test
    void aChangedFileIsSentAsItIsNow() throws Exception {
        try (TestChain chain = chain()) {
            String before = chain.get("/s/hello.txt").field("ETag");
            write("app/hello.txt", "HELLO");
            Files.setLastModifiedTime(root.resolve("hello.txt"), FileTime.from(Instant.parse("2026-02-02T03:04:05Z")));
            TestExchange answer = chain.get("/s/hello.txt");
            assertThat(answer.text()).isEqualTo("HELLO");
            assertThat(answer.field("ETag")).isNotEqualTo(before);
            Files.delete(root.resolve("hello.txt"));
            assertThat(chain.get("/s/hello.txt").text()).isEqualTo("application");
        }
    }

    @Test
    void aFileThatBecomesALinkToElsewhereIsNotSentAnyMore() throws Exception {
        try (TestChain chain = chain()) {
            assertThat(chain.get("/s/hello.txt").text()).isEqualTo("hello");
            Files.delete(root.resolve("hello.txt"));
            Files.createSymbolicLink(root.resolve("hello.txt"), directory.resolve("outside.txt"));
            assertThat(chain.get("/s/hello.txt").text()).isEqualTo("application");
        }
    }

    @Test
    void wellKnownAndNamesInUtf8AreServed() throws Exception {
        try (TestChain chain = chain()) {
            assertThat(chain.get("/s/.well-known/thing").text()).isEqualTo("known");
        }
        try (TestChain chain = chain("--static-dot-files")) {
            assertThat(chain.get("/s/.secret").text()).isEqualTo("secret");
        }
    }

    @Test
    void map2KeepsThePrefixAndAFileMayBeMapped() throws Exception {
        try (TestChain chain = chain(
                "--static-map2", "/app=" + directory, "--static-map", "/favicon.ico=" + root.resolve("hello.txt"))) {
            assertThat(chain.get("/app/hello.txt").text()).isEqualTo("hello");
            assertThat(chain.get("/app-private/key").text()).isEqualTo("application");
            assertThat(chain.get("/favicon.ico").text()).isEqualTo("hello");
            assertThat(chain.get("/favicon.ico/x").text()).isEqualTo("application");
        }
    }

    @Test
    void checkStaticComesBeforeTheApplication() throws Exception {
        try (TestChain chain = chain("--check-static", root.toString())) {
            assertThat(chain.get("/deep/er/style.css").text()).isEqualTo("p {}");
            assertThat(chain.get("/elsewhere").text()).isEqualTo("application");
        }
    }

    @Test
    void anIndexAnswersForItsDirectory() throws Exception {
        write("app/deep/index.html", "index");
        try (TestChain chain = chain("--static-index", "index.htm", "--static-index", "index.html")) {
            assertThat(chain.get("/s/deep/").text()).isEqualTo("index");
            assertThat(chain.get("/s/deep/").field("Content-Type")).isEqualTo("text/html");
            TestExchange redirect = chain.get("/s/deep?a=b");
            assertThat(redirect.status()).isEqualTo(301);
            assertThat(redirect.field("Location")).isEqualTo("/s/deep/?a=b");
            assertThat(chain.get("/s/").text()).isEqualTo("application");
        }
    }

    @Test
    void aRedirectNeverLeadsToAnotherServer() throws Exception {
        write("app/evil.example/index.html", "index");
        try (TestChain chain = chain("--check-static", root.toString(), "--static-index", "index.html")) {
            assertThat(chain.get("//evil.example").field("Location")).isEqualTo("/evil.example/");
        }
    }

    @Test
    void directoriesAreListedWhenThatIsAskedFor() throws Exception {
        write("app/deep/<b> & %.txt", "x");
        write("app/deep/.hidden", "x");
        try (TestChain chain = chain("--static-listing")) {
            TestExchange page = chain.get("/s/deep/");
            assertThat(page.field("Content-Type")).isEqualTo("text/html; charset=utf-8");
            assertThat(page.text())
                    .contains("<li><a href=\"./er/\">er/</a></li>")
                    .contains("<a href=\"./%3Cb%3E%20&%20%25.txt\">&lt;b&gt; &amp; %.txt</a>")
                    .doesNotContain("hidden", "<b>");
            assertThat(chain.get("/s/deep").field("Location")).isEqualTo("/s/deep/");
        }
    }

    @Test
    void compressedFilesAreSentInPlaceOfOthers() throws Exception {
        write("app/page.html.br", "brotli");
        write("app/page.html.gz", "gzip");
        try (TestChain chain = chain("--static-gzip", "\\.html$")) {
            TestExchange brotli = chain.send(TestRequest.get("/s/page.html").field("Accept-Encoding", "gzip, br"));
            assertThat(brotli.text()).isEqualTo("brotli");
            assertThat(brotli.field("Content-Encoding")).isEqualTo("br");
            assertThat(brotli.field("Content-Type")).isEqualTo("text/html");
            assertThat(brotli.field("Vary")).isEqualTo("Accept-Encoding");
            assertThat(brotli.field("ETag")).endsWith("-br\"");
            TestExchange gzip =
                    chain.send(TestRequest.get("/s/page.html").field("Accept-Encoding", "gzip, br;q=0, zstd"));
            assertThat(gzip.field("Content-Encoding")).isEqualTo("gzip");
            TestExchange plain = chain.get("/s/page.html");
            assertThat(plain.text()).isEqualTo("<p>");
            assertThat(plain.field("Vary")).isEqualTo("Accept-Encoding");
            assertThat(chain.get("/s/hello.txt").field("Vary")).isNull();
            assertThat(chain.get("/s/page.html.br").field("Content-Encoding")).isNull();
        }
    }

    @Test
    void filesExpireByNameTypePathAndAddress() throws Exception {
        try (TestChain chain = chain(
                "--static-expires-mtime",
                "/hello\\.txt$ 3600",
                "--static-expires-type",
                "text/css=60",
                "--static-expires-path-info-mtime",
                "^/s/page 10",
                "--static-expires-uri-mtime",
                "v=1 20")) {
            assertThat(chain.get("/s/hello.txt").field("Expires")).isEqualTo("Fri, 02 Jan 2026 04:04:05 GMT");
            assertThat(chain.get("/s/page.html").field("Expires")).isEqualTo("Fri, 02 Jan 2026 03:04:15 GMT");
            assertThat(chain.get("/s/large.bin?v=1").field("Expires")).isEqualTo("Fri, 02 Jan 2026 03:04:25 GMT");
            assertThat(chain.get("/s/deep/er/style.css").field("Expires")).isNotNull();
            assertThat(chain.get("/s/large.bin").field("Expires")).isNull();
        }
    }

    @Test
    void documentRootCountsWhereItIsSafe() throws Exception {
        try (TestChain chain = chain("--check-static-docroot", "--static-safe", root.toString())) {
            TestRequest request = TestRequest.get("/hello.txt");
            assertThat(chain.send(request.variable("DOCUMENT_ROOT", root.toString()))
                            .text())
                    .isEqualTo("hello");
            assertThat(chain.send(TestRequest.get("/outside.txt").variable("DOCUMENT_ROOT", directory.toString()))
                            .text())
                    .isEqualTo("application");
            assertThat(chain.send(TestRequest.get("/key").variable("DOCUMENT_ROOT", root + "/../app-private"))
                            .text())
                    .isEqualTo("application");
            assertThat(chain.send(request).text()).isEqualTo("application");
        }
        assertThatThrownBy(() -> chain("--check-static-docroot")).hasMessageContaining("expected: static-safe");
    }

    @Test
    void theProxyInFrontMaySendTheFile() throws Exception {
        try (TestChain chain = chain("--file-serve-mode", "nginx")) {
            TestExchange answer = chain.get("/s/hello.txt");
            assertThat(answer.field("X-Accel-Redirect"))
                    .isEqualTo(root.resolve("hello.txt").toString());
            assertThat(answer.size()).isZero();
        }
        assertThatThrownBy(() -> chain("--file-serve-mode", "gopher")).hasMessageContaining("gopher (expected: nginx");
    }

    @Test
    void wrongRulesAreToldOf() {
        assertThatThrownBy(() -> chain("--static-expires", ".*")).hasMessageContaining("(expected: PATTERN SECONDS)");
        assertThatThrownBy(() -> chain("--static-expires", "( 5"))
                .hasMessageContaining("expected: a regular expression");
        assertThatThrownBy(() -> chain("--static-map", "/a")).hasMessageContaining("(expected: /PREFIX=DIRECTORY)");
    }
}
