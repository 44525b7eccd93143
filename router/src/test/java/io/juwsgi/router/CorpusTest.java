package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sends each {@code NAME.bytes} of the corpora to a real socket and looks for what {@code NAME.expect} says, a line each:
 * {@code status N} an answer, in order; {@code why WORD} in the log of the last one; {@code contains TEXT} and
 * {@code lacks TEXT} in all answers together, {@code \n} for a line end; {@code half-close} the client ends its side after
 * the bytes; {@code closed} or {@code open} what the server does in the end.
 */
final class CorpusTest {
    private static final String ALIVE = "GET /alive HTTP/1.1\r\nHost: x\r\n\r\n";

    private static RouterFixture http;
    private static RouterFixture uwsgi;

    @BeforeAll
    static void start() {
        String[] limits = {"buffer-size=16384", "limit-post=100000", "log-format=%(status) %(why)"};
        http = RouterFixture.http(Apps.mirror(), limits);
        uwsgi = RouterFixture.uwsgi(Apps.mirror(), limits);
    }

    @AfterAll
    static void stop() {
        http.close();
        uwsgi.close();
    }

    static Stream<String> http1() throws Exception {
        return names("/http1");
    }

    static Stream<String> uwsgi() throws Exception {
        return names("/uwsgi");
    }

    private static Stream<String> names(String folder) throws IOException, URISyntaxException {
        Path path = Path.of(
                Objects.requireNonNull(CorpusTest.class.getResource(folder)).toURI());
        try (Stream<Path> files = Files.list(path)) {
            return files
                    .map(Path::toString)
                    .filter(name -> name.endsWith(".bytes"))
                    .map(name -> name.substring(0, name.length() - 6))
                    .map(name -> name.substring(name.lastIndexOf('/') + 1))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("http1")
    void answersHttp1AsExpected(String name) throws Exception {
        check(http, "/http1/" + name);
    }

    @ParameterizedTest
    @MethodSource("uwsgi")
    void answersUwsgiAsExpected(String name) throws Exception {
        check(uwsgi, "/uwsgi/" + name);
    }

    @Test
    void answersAPingWithAPing() throws Exception {
        try (Wire client = uwsgi.connect()) {
            client.send(new byte[] {100, 0, 0, 0});
            assertThat(client.rest().getBytes(StandardCharsets.ISO_8859_1)).containsExactly(100, 0, 0, 1);
        }
    }

    private static void check(RouterFixture router, String name) throws Exception {
        List<String> expected = new String(resource(name + ".expect"), StandardCharsets.UTF_8)
                .lines()
                .toList();
        router.log.clear();
        try (Wire client = router.connect()) {
            client.send(resource(name + ".bytes"));
            if (expected.contains("half-close")) {
                client.endOfData();
            }
            StringBuilder answers = new StringBuilder();
            String lastLog = "";
            for (String line : expected) {
                if (line.startsWith("status ")) {
                    String answer = client.response();
                    assertThat(answer).startsWith("HTTP/1.1 " + line.substring(7) + " ");
                    answers.append(answer);
                    lastLog = router.logLine();
                }
            }
            for (String line : expected) {
                String text = line.substring(line.indexOf(' ') + 1).replace("\\n", "\n");
                if (line.startsWith("contains ")) {
                    assertThat(answers).contains(text);
                } else if (line.startsWith("lacks ")) {
                    assertThat(answers).doesNotContain(text);
                } else if (line.startsWith("why ")) {
                    assertThat(lastLog).endsWith(" " + text);
                }
            }
            if (expected.contains("closed")) {
                assertThat(client.rest()).isEmpty();
            } else {
                assertThat(expected).contains("open");
                assertThat(client.send(ALIVE).response()).contains("PATH_INFO=/alive\n");
            }
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = Objects.requireNonNull(CorpusTest.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        }
    }
}
