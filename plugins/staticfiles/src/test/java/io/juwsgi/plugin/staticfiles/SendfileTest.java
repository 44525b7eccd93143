package io.juwsgi.plugin.staticfiles;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.TestChain;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that the application names in its responses. */
class SendfileTest {
    @TempDir
    Path directory;

    @BeforeEach
    void files() throws Exception {
        Files.createDirectories(directory.resolve("data"));
        Files.createDirectories(directory.resolve("data-private"));
        Files.writeString(directory.resolve("data/report.txt"), "0123456789");
        Files.writeString(directory.resolve("data-private/key"), "private");
    }

    private TestChain chain() throws Exception {
        return TestChain.of(
                new StaticPlugin(),
                "--static-sendfile",
                directory.resolve("data").toString(),
                "--static-accel",
                "/protected=" + directory.resolve("data"));
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    @Test
    void aFileTakesThePlaceOfTheBody() throws Exception {
        try (TestChain chain = chain()) {
            chain.application()
                    .answers(
                            200, "dropped", "X-Sendfile", path("data/report.txt"), "Content-Type", "application/x-own");
            TestExchange answer = chain.get("/");
            assertThat(answer.text()).isEqualTo("0123456789");
            assertThat(answer.field("Content-Type")).isEqualTo("application/x-own");
            assertThat(answer.field("X-Sendfile")).isNull();
            assertThat(chain.send(TestRequest.get("/").field("Range", "bytes=2-3"))
                            .text())
                    .isEqualTo("23");
        }
    }

    @Test
    void anAddressIsMappedToADirectory() throws Exception {
        try (TestChain chain = chain()) {
            chain.application().answers(200, "dropped", "X-Accel-Redirect", "/protected/rep%6Frt.txt?x=y");
            assertThat(chain.get("/").text()).isEqualTo("0123456789");
        }
    }

    @Test
    void whatIsElsewhereIsNotSent() throws Exception {
        for (String named : new String[] {
            path("data-private/key"), path("data/../data-private/key"), path("data/missing"), "relative", "/etc/passwd"
        }) {
            try (TestChain chain = chain()) {
                chain.application().answers(200, "dropped", "X-Sendfile", named);
                TestExchange answer = chain.get("/");
                assertThat(answer.status()).as(named).isEqualTo(404);
                assertThat(answer.size()).isZero();
            }
        }
    }

    @Test
    void withoutDirectoriesTheFieldIsForTheProxyInFront() throws Exception {
        try (TestChain chain = TestChain.of(new StaticPlugin(), "--static")) {
            chain.application().answers(200, "", "X-Sendfile", "/srv/x");
            assertThat(chain.get("/").field("X-Sendfile")).isEqualTo("/srv/x");
        }
    }
}
