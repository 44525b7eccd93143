package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The headers plugin in the real server, found, configured and run as any other plugin. */
class HeadersIT {
    @TempDir
    Path directory;

    @BeforeEach
    void application() throws Exception {
        Apps.write(directory, Apps.PATHS);
    }

    private RunningServer start(String... more) throws Exception {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "--http";
        arguments[1] = "127.0.0.1:0";
        System.arraycopy(more, 0, arguments, 2, more.length);
        return RunningServer.start(directory, arguments);
    }

    @Test
    void fieldsOfTheApplicationsResponsesAreRemovedSetAndAdded() throws Exception {
        try (RunningServer server = start(
                "--headers-remove",
                "Content-Type",
                "--headers-set",
                "X-One: first",
                "--headers-set=X-One: last",
                "--headers-add",
                "X-Two: a",
                "--headers-add",
                "X-Two: b")) {
            HttpResponse<String> answer = server.ready(1).get("/");
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.headers().firstValue("content-type")).isEmpty();
            assertThat(answer.headers().allValues("x-one")).containsExactly("last");
            assertThat(answer.headers().allValues("x-two")).containsExactly("a", "b");
        }
    }

    @Test
    void thePresetSendsHstsNotOverPlainHttp() throws Exception {
        try (RunningServer server = start("--security-headers", "--security-headers-frame-options", "deny")) {
            HttpResponse<String> answer = server.ready(1).get("/");
            assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("referrer-policy")).hasValue("strict-origin-when-cross-origin");
            assertThat(answer.headers().firstValue("x-frame-options")).hasValue("DENY");
            assertThat(answer.headers().firstValue("strict-transport-security")).isEmpty();
        }
    }

    @Test
    void hoconNestsTheSettings() throws Exception {
        Files.writeString(directory.resolve("juwsgi.conf"), """
                http = "127.0.0.1:0"
                headers { set = ["X-One: 1", "X-Two: 2"] }
                security-headers { referrer-policy = no-referrer, frame-options = off }
                """);
        try (RunningServer server = RunningServer.start(directory, "juwsgi.conf")) {
            HttpResponse<String> answer = server.ready(1).get("/");
            assertThat(answer.headers().firstValue("x-one")).hasValue("1");
            assertThat(answer.headers().firstValue("x-two")).hasValue("2");
            assertThat(answer.headers().firstValue("referrer-policy")).hasValue("no-referrer");
            assertThat(answer.headers().firstValue("x-frame-options")).isEmpty();
        }
    }

    @Test
    void allWrongSettingsAreToldAtOnceWithTheirPlaces() throws Exception {
        Files.writeString(directory.resolve("app.ini"), """
                [juwsgi]
                http = 127.0.0.1:0
                headers-set = X One
                security-headers-hsts = never
                """);
        try (RunningServer server = RunningServer.start(directory, "app.ini")) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.log())
                    .contains(
                            "app.ini:3: headers-set: X One (expected: Name: value)\njuwsgi: app.ini:4: security-headers-hsts"
                                    + " = never (expected: a time such as 500ms, 30s, 5m, 2h or 1d; seconds without a unit)");
        }
    }
}
