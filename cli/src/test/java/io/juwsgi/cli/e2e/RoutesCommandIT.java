package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes as a user meets them: told by the command, wrong in a file, changed at a reload. */
class RoutesCommandIT {
    @TempDir
    Path directory;

    @BeforeEach
    void application() throws Exception {
        Apps.write(directory, Apps.PATHS);
    }

    private void routes(String... lines) throws Exception {
        Files.writeString(
                directory.resolve("app.ini"), "[uwsgi]\nhttp = 127.0.0.1:0\n" + String.join("\n", lines) + "\n");
    }

    private String told(String... arguments) throws Exception {
        try (RunningServer command = RunningServer.start(directory, arguments)) {
            assertThat(command.exitCode()).as(command.log()).isZero();
            return command.log();
        }
    }

    @Test
    void theCommandTellsChainRoutesAndWhatBecomesOfARequest() throws Exception {
        routes(
                "headers-set = X-One: 1",
                "route = ^/old/(.*) redirect:/new/$1",
                "route = ^/(?!x)(.)\\1 addvar:TWICE=$1",
                "route-run = basicauth:Members,kate:secret",
                "response-route-status = 302 addheader:X-Moved: yes");
        String told = told("routes", "--explain", "http://site.example/old/page?q=1", "--ini", "app.ini");
        assertThat(told)
                .containsPattern("REWRITE +routing +plugin routing\n  TRANSFORM +headers +plugin headers")
                .contains("everything else goes to the application")
                .contains("0 app.ini:4 route = ^/old/(.*) redirect:/new/$1 [RE2]")
                .contains("1 app.ini:5 route = ^/(?!x)(.)\\1 addvar:TWICE=$1 [Java, at most 100000 steps]")
                .contains("2 app.ini:6 route-run = basicauth:Members,...")
                .doesNotContain("secret")
                .contains("app.ini:4 route = ^/old/(.*) redirect:/new/$1 applies; the request ends here")
                .contains("app.ini:7 response-route-status = 302 addheader:X-Moved: yes applies;")
                .contains("the client gets 302 Found, Location: /new/page, X-Moved: yes");
    }

    @Test
    void wrongRoutesKeepTheServerFromStarting() throws Exception {
        routes("route = ^/a redirekt:/b", "route-run = continue");
        try (RunningServer server = RunningServer.start(directory, "--ini", "app.ini")) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.log())
                    .contains("app.ini:3: route: action redirekt is unknown (did you mean redirect?)")
                    .contains("app.ini:4: route-run: action continue (expected: ACTION:ARGUMENTS");
        }
    }

    @Test
    void aReloadTakesOverChangedRoutes() throws Exception {
        routes("route = ^/where redirect:/before");
        try (RunningServer server =
                RunningServer.start(directory, "--ini", "app.ini").ready(1)) {
            HttpResponse<String> before = server.get("/where");
            assertThat(before.headers().firstValue("location")).hasValue("/before");
            routes("route = ^/where redirect:/after");
            server.signal("HUP");
            long deadline = System.nanoTime() + 30_000_000_000L;
            String seen = "/before";
            while (!seen.equals("/after") && System.nanoTime() < deadline) {
                seen = server.get("/where").headers().firstValue("location").orElse("none");
            }
            assertThat(seen).as(server.log()).isEqualTo("/after");
        }
    }

    @Test
    void routesSayWhatTheAccessLogSays() throws Exception {
        routes("log-format = %(uri) by %(who)", "route-run = logvar:who=${HTTP_X_WHO}", "route = ^/quiet donotlog:");
        try (RunningServer server =
                RunningServer.start(directory, "--ini", "app.ini").ready(1)) {
            server.send(HttpRequest.newBuilder(server.uri("/quiet")).header("X-Who", "nobody"));
            server.send(HttpRequest.newBuilder(server.uri("/loud")).header("X-Who", "kate"));
            server.awaitLine("/loud by kate");
            assertThat(server.log()).doesNotContain("/quiet by");
        }
    }
}
