package io.juwsgi.plugin.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import io.juwsgi.testkit.TestChain;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said about routes that cannot work. */
class WrongRoutesTest {
    @TempDir
    Path directory;

    private static void assertSays(String option, String value, String message) {
        assertThatThrownBy(() ->
                        TestChain.of(new RoutingPlugin(), "--" + option, value).close())
                .isInstanceOf(ConfigException.class)
                .hasMessage("command line: " + option + ": " + message);
    }

    @Test
    void wrongWordsAreNamedWithWhatWasProbablyMeant() {
        assertSays("route", "^/x redirekt:/y", "action redirekt is unknown (did you mean redirect?)");
        assertSays("route-if", "isfil:/x continue:", "condition isfil is unknown (did you mean isfile?)");
        assertSays("route-run", "log:${cooky[x]}", "action log: variable cooky[] is unknown (did you mean cookie?)");
        assertSays("route-run", "chdir:/x", "action chdir is not offered: it acts inside uWSGI's worker process");
        assertSays(
                "route-run",
                "httpconnect:127.0.0.1:3031",
                "action httpconnect is not offered: it would tunnel what nobody here looks at");
        assertSays(
                "route-run",
                "http:${HTTP_HOST}:80",
                "action http: ${HTTP_HOST}:80 (expected: ADDRESS[,HOST[,URI]], an address of HOST:PORT or /PATH without variables)");
        assertSays("route-run", "uwsgi:127.0.0.1:3031,256", "action uwsgi: 256 (expected: a number from 0 to 255)");
        assertSays("route-run", "upstream:", "action upstream:  (expected: the name of an upstream)");
    }

    @Test
    void wrongFormsSayWhatIsExpected() {
        assertSays("route", "^/x", "^/x (expected: PATTERN, a blank, ACTION:ARGUMENTS)");
        assertSays(
                "route",
                "^/x continue",
                "action continue (expected: ACTION:ARGUMENTS, with a colon also where there are no arguments)");
        assertSays("route-if", "empty continue:", "condition empty (expected: CONDITION:ARGUMENTS)");
        assertSays(
                "route",
                "^/x break:nothing",
                "action break: nothing (expected: a status from 200 to 999, and a reason if you like)");
        assertSays("route", "^/x addvar:nothing", "action addvar: nothing (expected: NAME=TEXT)");
        assertSays(
                "route-if",
                "equal:one continue:",
                "condition equal: one (expected: two texts with a semicolon between them)");
        assertSays(
                "route-if",
                "ipv4in:${REMOTE_ADDR};10.0.0.0/99 continue:",
                "condition ipv4in: 10.0.0.0/99 (expected: a network such as 10.0.0.0/8)");
        assertSays("response-route-status", "ok continue:", "status ok (expected: three digits)");
        assertSays("route-run", "goto:nowhere", "goto: nowhere (expected: a label further down)");
        assertSays(
                "route",
                "^/([a continue:",
                "pattern ^/([a: Unclosed character class near character 5 (expected: a regular expression)");
    }

    @Test
    void aPasswordIsNotRepeated() {
        assertSays(
                "route-run",
                "basicauth:kate:secret",
                "action basicauth: there is no comma (expected: REALM,USER:PASSWORD or REALM,FILE)");
    }

    @Test
    void allWrongRoutesAreToldAtOnceWithTheirPlaces() throws Exception {
        Path ini = directory.resolve("app.ini");
        Files.writeString(ini, "[uwsgi]\nroute = ^/a nothing:\nroute-run = last:\nresponse-route-run = log\n");
        assertThatThrownBy(() -> TestChain.of(new RoutingPlugin(), "--ini", ini.toString())
                        .close())
                .isInstanceOf(ConfigException.class)
                .satisfies(e -> assertThat(e.getMessage().lines())
                        .satisfiesExactly(
                                first -> assertThat(first).startsWith(ini + ":2: route: action nothing is unknown"),
                                second -> assertThat(second).startsWith(ini + ":4: response-route-run: action log")));
    }
}
