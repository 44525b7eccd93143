package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cli.e2e.Certificates.Ran;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several names, changed certificates, resumed sessions, and the way from http to https. */
class TlsNamesIT {
    @TempDir
    Path directory;

    private Certificates certificates;

    @BeforeEach
    void application() throws Exception {
        Apps.write(directory, Apps.PATHS);
        certificates = new Certificates(directory).server("localhost").server("a.example");
    }

    private String https() {
        return "127.0.0.1:0," + certificates.file("localhost.pem") + "," + certificates.file("localhost.key");
    }

    private Ran openssl(RunningServer server, String input, String... arguments) throws Exception {
        int port = URI.create(server.boundUri("https")).getPort();
        List<String> command = new ArrayList<>(List.of(
                "openssl", "s_client", "-connect", "127.0.0.1:" + port, "-CAfile", certificates.file("ca.pem")));
        command.addAll(List.of(arguments));
        return Certificates.run(directory, input, command);
    }

    private String nameFor(RunningServer server, String asked) throws Exception {
        String shown = openssl(server, "", "-servername", asked).output();
        assertThat(shown).contains("Verification: OK");
        int from = shown.indexOf("subject=CN = ") + 13;
        return shown.substring(from, shown.indexOf('\n', from));
    }

    @Test
    void theNameThatIsAskedForChoosesTheCertificate() throws Exception {
        certificates.server("b.example").server("wild.example").server("c.example");
        Path names = Files.createDirectory(directory.resolve("names"));
        Files.copy(directory.resolve("c.example.pem"), names.resolve("c.example.crt"));
        Files.copy(directory.resolve("c.example.key"), names.resolve("c.example.key"));
        Files.copy(directory.resolve("ca.pem"), names.resolve("c.example.ca"));
        try (RunningServer server = RunningServer.start(
                directory,
                "--https",
                https(),
                "--sni",
                "a.example a.example.pem,a.example.key",
                "--sni=B.example b.example.pem,b.example.key,ECDHE-ECDSA-AES256-GCM-SHA384,!ca.pem",
                "--sni",
                "*.wild.example wild.example.pem,wild.example.key",
                "--sni-dir",
                "names",
                "--tls-reload",
                "100ms")) {
            assertThat(nameFor(server, "a.example")).isEqualTo("a.example");
            assertThat(nameFor(server, "A.Example")).isEqualTo("a.example");
            assertThat(nameFor(server, "x.wild.example")).isEqualTo("wild.example");
            assertThat(nameFor(server, "x.y.wild.example")).isEqualTo("localhost");
            assertThat(nameFor(server, "c.example")).isEqualTo("c.example");
            assertThat(nameFor(server, "other.example")).isEqualTo("localhost");
            assertThat(openssl(server, "", "-noservername").output()).contains("subject=CN = localhost");
            Ran demanding = openssl(server, "", "-servername", "b.example", "-tls1_2");
            assertThat(demanding.output())
                    .contains("subject=CN = b.example")
                    .contains("Acceptable client certificate CA names")
                    .contains("handshake failure");

            // A name that comes while the server runs.
            Files.copy(directory.resolve("b.example.key"), names.resolve("late.example.key"));
            Files.copy(directory.resolve("b.example.pem"), names.resolve("late.example.crt"));
            server.awaitLine("certificates were read again");
            assertThat(nameFor(server, "late.example")).isEqualTo("b.example");
        }
    }

    @Test
    void changedFilesAreTakenWithoutARestart() throws Exception {
        try (RunningServer server =
                RunningServer.start(directory, "--https", https(), "--tls-reload", "100ms", "--tls-engine", "jdk")) {
            assertThat(nameFor(server, "localhost")).isEqualTo("localhost");
            replace("a.example.key", "localhost.key");
            server.awaitLine("changed certificates are not used, the old ones are: ");
            assertThat(nameFor(server, "localhost")).isEqualTo("localhost");
            replace("a.example.pem", "localhost.pem");
            server.awaitLine("certificates were read again");
            assertThat(nameFor(server, "localhost")).isEqualTo("a.example");
        }
    }

    private void replace(String source, String target) throws Exception {
        Path copy =
                Files.copy(directory.resolve(source), directory.resolve("copy"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(
                copy, directory.resolve(target), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "boringssl"})
    void sessionsAreResumed(String engine) throws Exception {
        certificates.client("ada", "/CN=Ada");
        try (RunningServer server = RunningServer.start(
                directory, "--https", https() + ",," + certificates.file("ca.pem"), "--tls-engine", engine)) {
            server.awaitWorker(1, 0);
            for (String version : List.of("-tls1_2", "-tls1_3")) {
                String request = "GET /environ HTTP/1.0\r\n\r\n";
                Ran first = openssl(
                        server,
                        request,
                        version,
                        "-ign_eof",
                        "-sess_out",
                        "session",
                        "-cert",
                        "ada.pem",
                        "-key",
                        "ada.key");
                assertThat(first.output()).contains("New, TLS").contains("HTTPS_DN=/CN=Ada");
                Ran second = openssl(server, request, version, "-ign_eof", "-sess_in", "session");
                assertThat(second.output()).contains("Reused, TLS").contains("HTTPS_DN=/CN=Ada");
            }
        }
    }

    @Test
    void httpIsSentToHttps() throws Exception {
        try (RunningServer server = RunningServer.start(
                directory, "--https", https(), "--http-to-https", "127.0.0.1:0,8443", "--security-headers")) {
            server.awaitWorker(1, 0);
            Ran sent = Certificates.run(
                    directory, "", List.of("curl", "-sSi", "-H", "Host: a.example:80", server.baseUri() + "/x%20y?z"));
            assertThat(sent.output())
                    .startsWith("HTTP/1.1 301 Moved Permanently\r\n")
                    .contains("Location: https://a.example:8443/x%20y?z\r\n");
            Ran there = Certificates.run(
                    directory,
                    "",
                    List.of("curl", "-sSi", "--cacert", certificates.file("ca.pem"), server.boundUri("https")));
            assertThat(there.output()).containsIgnoringCase("Strict-Transport-Security: max-age=31536000\r\n");
        }
    }
}
