package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Static files from the real server, fetched by curl, which sends paths as they are. */
class StaticFilesIT {
    private static final String APP = """
        def app(environ, start_response):
            path = environ['PATH_INFO']
            if path.startswith('/sendfile'):
                start_response('200 OK', [('X-Sendfile', environ['QUERY_STRING'])])
                return [b'dropped']
            start_response('200 OK', [('Content-Type', 'text/plain')])
            return [b'application ' + path.encode('latin-1')]
        """;

    @TempDir
    Path directory;

    private final byte[] large = new byte[3_000_000];

    @BeforeEach
    void files() throws Exception {
        Apps.write(directory, APP);
        new Random(7).nextBytes(large);
        Files.createDirectories(directory.resolve("files/deep"));
        Files.createDirectories(directory.resolve("files-private"));
        Files.write(directory.resolve("files/large.bin"), large);
        Files.writeString(directory.resolve("files/hello.txt"), "hello");
        Files.writeString(directory.resolve("files/deep/index.html"), "<p>index");
        Files.writeString(directory.resolve("files-private/key"), "private");
        Files.setLastModifiedTime(
                directory.resolve("files/hello.txt"), FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
    }

    private RunningServer start(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "--http=127.0.0.1:0",
                "--https=127.0.0.1:0",
                "--callable=app",
                "--static-map=/f=" + directory.resolve("files"),
                "--static-index=index.html",
                "--static-sendfile=" + directory.resolve("files")));
        arguments.addAll(List.of(more));
        return RunningServer.start(directory, arguments.toArray(String[]::new)).ready(1);
    }

    private static byte[] curl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-sk", "--path-as-is", "--max-time", "60"));
        command.addAll(List.of(arguments));
        Process curl = new ProcessBuilder(command).start();
        byte[] answer = curl.getInputStream().readAllBytes();
        assertThat(curl.waitFor()).as(String.join(" ", command)).isZero();
        return answer;
    }

    private static String text(String... arguments) throws IOException, InterruptedException {
        return new String(curl(arguments), StandardCharsets.ISO_8859_1);
    }

    @Test
    void filesComeWholeAndInPartsOverEveryProtocol() throws Exception {
        try (RunningServer server = start()) {
            for (String base : List.of(server.baseUri(), server.boundUri("https"))) {
                for (String version : List.of("--http1.1", "--http2")) {
                    assertThat(curl(version, base + "/f/large.bin")).isEqualTo(large);
                    assertThat(curl(version, "-r", "100000-1099999", base + "/f/large.bin"))
                            .isEqualTo(java.util.Arrays.copyOfRange(large, 100_000, 1_100_000));
                    assertThat(text(version, "-r", "0-0,4-4", base + "/f/hello.txt"))
                            .contains("bytes 0-0/5\r\n\r\nh\r\n--", "bytes 4-4/5\r\n\r\no\r\n--");
                    assertThat(text(version, "-I", base + "/f/hello.txt").toLowerCase(java.util.Locale.ROOT))
                            .contains("content-length: 5\r\n", "content-type: text/plain\r\n", "accept-ranges: bytes");
                    assertThat(text(
                                    version,
                                    "-o/dev/null",
                                    "-w%{http_code}",
                                    "-zFri, 02 Jan 2026 03:04:05 GMT",
                                    base + "/f/hello.txt"))
                            .isEqualTo("304");
                }
            }
        }
    }

    @Test
    void nothingOutsideIsSent() throws Exception {
        Files.createSymbolicLink(directory.resolve("files/private"), Path.of("../files-private"));
        try (RunningServer server = start()) {
            for (String path : List.of(
                    "/f/../files-private/key",
                    "/f/..%2ffiles-private/key",
                    "/f/%2e%2e/files-private/key",
                    "/f/%252e%252e/files-private/key",
                    "/f/..%5cfiles-private/key",
                    "/f/%c0%ae%c0%ae/files-private/key",
                    "/f-private/key",
                    "/f/private/key",
                    "//f/../../files-private/key")) {
                assertThat(text(server.baseUri() + path)).as(path).startsWith("application");
            }
            assertThat(text("-o/dev/null", "-w%{http_code}", server.baseUri() + "/f/hello.txt%00.html"))
                    .isEqualTo("400");
            assertThat(text(server.baseUri() + "/sendfile?" + directory.resolve("files/hello.txt")))
                    .isEqualTo("hello");
            assertThat(text(
                            "-o/dev/null",
                            "-w%{http_code}",
                            server.baseUri() + "/sendfile?" + directory.resolve("files-private/key")))
                    .isEqualTo("404");
            server.awaitLine("X-Sendfile names a file in none of the directories");
        }
    }

    @Test
    void directoriesRedirectToTheirIndex() throws Exception {
        try (RunningServer server = start("--static-listing")) {
            assertThat(text("-L", server.baseUri() + "/f/deep")).isEqualTo("<p>index");
            assertThat(text(server.baseUri() + "/f/")).contains("<a href=\"./deep/\">deep/</a>");
            assertThat(text(server.baseUri() + "/other")).isEqualTo("application /other");
        }
    }

    /** Also where the machine has no locale, as in most containers. */
    @Test
    void namesMayHaveUmlauts() throws Exception {
        // Written by a shell: this JVM may not be able to say the name.
        assertThat(new ProcessBuilder("sh", "-c", "echo umlaut > files/$(printf '\\303\\244')")
                        .directory(directory.toFile())
                        .start()
                        .waitFor())
                .isZero();
        Map<String, String> noLocale = Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", "C");
        try (RunningServer server = RunningServer.start(
                directory, noLocale, "--http=127.0.0.1:0", "--check-static=files", "--static-listing")) {
            assertThat(text(server.baseUri() + "/%C3%A4")).isEqualTo("umlaut\n");
            assertThat(text(server.baseUri() + "/")).contains("<a href=\"./%C3%A4\">");
        }
    }
}
