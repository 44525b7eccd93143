package io.juwsgi.plugin.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.TestChain;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions, variables, files and passwords. */
class WordsTest {
    @TempDir
    Path directory;

    private static final TestRequest REQUEST = TestRequest.get("/img/Logo.PNG?a=1&b=&c=x%20y")
            .field("Cookie", "id=42; theme=dark; empty=")
            .field("X-Number", " 12abc")
            .remoteAddress("10.20.30.40");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "equal:${PATH_INFO};/img/Logo.PNG | true",
                "==:${PATH_INFO};/img | false",
                "startswith:${PATH_INFO};/img | true",
                "startswith:${PATH_INFO};img | false",
                "endswith:${PATH_INFO};.PNG | true",
                "contains:${QUERY_STRING};b= | true",
                "empty:${HTTP_X_MISSING} | true",
                "empty:${PATH_INFO} | false",
                "regexp:${PATH_INFO};^/img/.*\\.[Pp][Nn][Gg]$ | true",
                "re:${PATH_INFO};\\.gif$ | false",
                "ishigher:${HTTP_X_NUMBER};11 | true",
                "<:${HTTP_X_NUMBER};12 | false",
                "<=:${HTTP_X_NUMBER};12 | true",
                ">=:-3;-4 | true",
                "ipv4in:${REMOTE_ADDR};10.0.0.0/8 | true",
                "ipv4in:${REMOTE_ADDR};10.20.30.41/32 | false",
                "ipv4in:${REMOTE_ADDR};10.20.30.40 | true",
                "ipv4in:nonsense;0.0.0.0/0 | false",
                "ipv6in:2001:db8::1;2001:db8::/32 | true",
                "ipv6in:2001:db9::1;2001:db8::/32 | false",
                "isdir:/tmp | true",
                "isfile:/tmp | false",
                "exists:/nowhere/at/all | false",
                "isexec:/bin/sh | true",
                "islink:/proc/self | true",
            })
    void conditions(String condition, boolean holds) throws Exception {
        try (TestChain chain = TestChain.of(
                new RoutingPlugin(), "--route-if", condition + " return:401", "--route-run", "return:402")) {
            assertThat(chain.send(REQUEST).status()).isEqualTo(holds ? 401 : 402);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "${cookie[theme]} | dark",
                "${cookie[empty]}x | x",
                "${qs[a]} | 1",
                "${qs[c]} | x%20y",
                "${qs[b]}x | x",
                "${mime[PATH_INFO]} | image/png",
                "${base64[REQUEST_METHOD]} | R0VU",
                "${hex[REQUEST_METHOD]} | 474554",
                "${lower[PATH_INFO]} | /img/logo.png",
                "${upper[PATH_INFO]} | /IMG/LOGO.PNG",
                "${REMOTE_ADDR} $x $${a} ${b | 10.20.30.40 $x $${a} ${b",
                "${uwsgi[status]} | 0",
            })
    void variables(String text, String value) throws Exception {
        try (TestChain chain =
                TestChain.of(new RoutingPlugin(), "--route-run", "send:" + text, "--route-run", "break:")) {
            assertThat(chain.send(REQUEST).text()).isEqualTo(value);
        }
    }

    @Test
    void groupsOfAConditionAreThoseOfTheAction() throws Exception {
        try (TestChain chain = TestChain.of(
                new RoutingPlugin(), "--route-if", "regexp:${PATH_INFO};^/img/(\\w+) redirect:/$1/${qs[$2a]}")) {
            assertThat(chain.send(REQUEST).field("Location")).isEqualTo("/Logo/1");
        }
    }

    @Test
    void aFileIsAResourceOfItsOwn() throws Exception {
        Path file = directory.resolve("style.css");
        Files.writeString(file, "0123456789");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-11-21T12:00:00Z")));
        try (TestChain chain =
                TestChain.of(new RoutingPlugin(), "--route", "^/static/(.*) static:" + directory + "/$1")) {
            TestExchange whole = chain.get("/static/style.css");
            assertThat(whole.text()).isEqualTo("0123456789");
            assertThat(whole.field("Content-Type")).isEqualTo("text/css");
            assertThat(whole.field("Content-Length")).isEqualTo("10");
            assertThat(whole.field("Last-Modified")).isEqualTo("Sat, 21 Nov 2026 12:00:00 GMT");
            TestRequest again = TestRequest.get("/static/style.css");
            assertThat(chain.send(again.field("If-Modified-Since", "Sat, 21 Nov 2026 12:00:00 GMT"))
                            .status())
                    .isEqualTo(304);
            TestExchange part = chain.send(again.field("Range", "bytes=2-4"));
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.text()).isEqualTo("234");
            assertThat(part.field("Content-Range")).isEqualTo("bytes 2-4/10");
            assertThat(chain.send(again.field("Range", "bytes=-3")).text()).isEqualTo("789");
            assertThat(chain.send(again.field("Range", "bytes=10-")).status()).isEqualTo(416);
            assertThat(chain.get("/static/missing.css").status()).isEqualTo(404);
            assertThat(chain.send(TestRequest.post("/static/style.css")).status())
                    .isEqualTo(405);
        }
    }

    @Test
    void noNameLeadsOutOfTheDirectory() throws Exception {
        Path root = Files.createDirectory(directory.resolve("root"));
        Files.writeString(directory.resolve("secret"), "secret");
        Files.createSymbolicLink(root.resolve("link"), directory.resolve("secret"));
        try (TestChain chain = TestChain.of(
                new RoutingPlugin(),
                "--route-qs",
                "static=(.*) static:" + root + "/$1",
                "--route-qs",
                "file=(.*) file:filename=" + root + "/$1")) {
            assertThat(chain.get("/?static=../secret").status()).isEqualTo(404);
            assertThat(chain.get("/?static=link").status()).isEqualTo(404);
            assertThat(chain.get("/?file=../secret").status()).isEqualTo(404);
            assertThat(chain.get("/?file=/../secret").status()).isEqualTo(404);
        }
    }

    @Test
    void aFileMayBeAPage() throws Exception {
        Files.writeString(directory.resolve("maintenance.html"), "later");
        try (TestChain chain = TestChain.of(
                new RoutingPlugin(),
                "--route-if",
                "isfile:" + directory + "/maintenance.html file:filename=" + directory
                        + "/maintenance.html,status=503 Service Unavailable")) {
            TestExchange page = chain.get("/");
            assertThat(page.status()).isEqualTo(503);
            assertThat(page.text()).isEqualTo("later");
            assertThat(page.field("Content-Type")).isEqualTo("text/html");
        }
    }

    @Test
    void aUserHasToSayThePassword() throws Exception {
        try (TestChain chain = TestChain.of(
                new RoutingPlugin(),
                "--route",
                "^/ basicauth:Members,kate:love",
                "--route-run",
                "send:${REMOTE_USER}",
                "--route-run",
                "break:")) {
            TestExchange asked = chain.get("/");
            assertThat(asked.status()).isEqualTo(401);
            assertThat(asked.field("WWW-Authenticate")).isEqualTo("Basic realm=\"Members\"");
            // kate:love, then kate:hate
            TestRequest request = TestRequest.get("/");
            assertThat(chain.send(request.field("Authorization", "Basic a2F0ZTpsb3Zl"))
                            .text())
                    .isEqualTo("kate");
            assertThat(chain.send(request.field("Authorization", "Basic a2F0ZTpoYXRl"))
                            .status())
                    .isEqualTo(401);
            assertThat(chain.send(request.field("Authorization", "Basic !")).status())
                    .isEqualTo(401);
        }
    }

    @Test
    void aFileOfUsersIsReadAgainWhenItChanges() throws Exception {
        Path users = directory.resolve("htpasswd");
        // The digest of "love".
        Files.writeString(users, "kate:{SHA}ny/rDx70JbKS8vlLyEgklN9DBBM=\n");
        Files.setLastModifiedTime(users, FileTime.from(Instant.parse("2026-11-21T12:00:00Z")));
        TestRequest request = TestRequest.get("/").field("Authorization", "Basic a2F0ZTpsb3Zl");
        try (TestChain chain = TestChain.of(
                new RoutingPlugin(), "--route", "^/ basicauth:Members," + users, "--route-run", "return:202")) {
            assertThat(chain.send(request).status()).isEqualTo(202);
            Files.writeString(users, "bob:{SHA}ny/rDx70JbKS8vlLyEgklN9DBBM=\n");
            Files.setLastModifiedTime(users, FileTime.from(Instant.parse("2026-11-21T13:00:00Z")));
            assertThat(chain.send(request).status()).isEqualTo(401);
        }
    }
}
