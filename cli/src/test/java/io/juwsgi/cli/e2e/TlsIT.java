package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cli.e2e.Certificates.Ran;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ssl plugin in the real server, asked by curl and OpenSSL. */
class TlsIT {
    private static final String FILES = """

        def big(environ, start_response):
            start_response('200 OK', [('Content-Type', 'application/octet-stream')])
            return environ['wsgi.file_wrapper'](open('big.bin', 'rb'))

        inner = app

        def app(environ, start_response):
            return (big if environ['PATH_INFO'] == '/big' else inner)(environ, start_response)
        """;

    @TempDir
    Path directory;

    private Certificates certificates;

    @BeforeEach
    void application() throws Exception {
        Apps.write(directory, Apps.PATHS + FILES);
        certificates = new Certificates(directory).server("localhost");
    }

    private RunningServer start(String... arguments) throws Exception {
        return RunningServer.start(directory, arguments);
    }

    private String https(String... more) {
        List<String> parts = new ArrayList<>(
                List.of("127.0.0.1:0", certificates.file("localhost.pem"), certificates.file("localhost.key")));
        parts.addAll(List.of(more));
        return String.join(",", parts);
    }

    private Ran curl(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("curl", "-sS", "--max-time", "60", "--cacert", certificates.file("ca.pem")));
        command.addAll(List.of(arguments));
        return Certificates.run(directory, "", command);
    }

    private Ran openssl(RunningServer server, String... arguments) throws Exception {
        URI uri = URI.create(server.boundUri("https"));
        List<String> command = new ArrayList<>(List.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + uri.getPort(),
                "-CAfile",
                certificates.file("ca.pem")));
        command.addAll(List.of(arguments));
        return Certificates.run(directory, "", command);
    }

    @Test
    void applicationsAreServedOverTlsAndKnowIt() throws Exception {
        try (RunningServer server = start("--https", https())) {
            server.awaitWorker(1, 0);
            String uri = server.boundUri("https");
            Ran environ = curl(uri + "/environ?a=b");
            assertThat(environ.output().lines())
                    .contains(
                            "HTTPS=on",
                            "wsgi.url_scheme=https",
                            "SSL_PROTOCOL=TLSv1.3",
                            "QUERY_STRING=a=b",
                            "SERVER_PORT=" + URI.create(uri).getPort())
                    .noneMatch(line -> line.startsWith("HTTPS_DN"));
            assertThat(curl("--tls-max", "1.2", uri + "/environ").output()).contains("SSL_PROTOCOL=TLSv1.2\n");
            // Two requests on one connection.
            assertThat(curl("-v", uri, uri).output()).contains("Re-using existing connection");
        }
    }

    @Test
    void bodiesAndFilesPassInBothDirections() throws Exception {
        try (RandomAccessFile big =
                new RandomAccessFile(directory.resolve("big.bin").toFile(), "rw")) {
            big.setLength(20_000_000);
            big.seek(10_000_000);
            big.write("middle".getBytes(StandardCharsets.US_ASCII));
        }
        try (RunningServer server = start("--https", https())) {
            server.awaitWorker(1, 0);
            String uri = server.boundUri("https");
            assertThat(curl("--data-binary", "@big.bin", uri + "/count").output())
                    .isEqualTo("20000000");
            assertThat(curl("-o", "got.bin", uri + "/big").output()).isEmpty();
            assertThat(Files.mismatch(directory.resolve("big.bin"), directory.resolve("got.bin")))
                    .isEqualTo(-1);
            assertThat(curl("-o", "/dev/null", "-w", "%{size_download}", uri + "/download?30000000")
                            .output())
                    .isEqualTo("30000000");
        }
    }

    @Test
    void withoutFilesThereIsACertificateForLocalhost() throws Exception {
        try (RunningServer server = start("--https", "127.0.0.1:0")) {
            server.awaitLine("no certificate is configured: a self-signed one for localhost was made");
            server.awaitWorker(1, 0);
            Ran shown = openssl(server, "-showcerts");
            Files.writeString(directory.resolve("own.pem"), certificate(shown.output()));
            int port = URI.create(server.boundUri("https")).getPort();
            assertThat(curl("--cacert", "own.pem", "https://localhost:" + port).output())
                    .isEqualTo("hello");
            assertThat(curl("--cacert", "own.pem", "https://127.0.0.1:" + port).output())
                    .isEqualTo("hello");
            assertThat(curl("https://localhost:" + port).exitCode()).isEqualTo(60);
        }
    }

    private static String certificate(String shown) {
        int from = shown.indexOf("-----BEGIN CERTIFICATE");
        return shown.substring(from, shown.indexOf("-----END CERTIFICATE-----") + 25) + "\n";
    }

    @Test
    void oldVersionsAndWeakSuitesAreRefused() throws Exception {
        try (RunningServer server = start(
                "--https",
                https(),
                "--https2",
                "addr=127.0.0.1:0,ciphers=HIGH:!AES128,crt=" + certificates.file("localhost.pem") + ",key="
                        + certificates.file("localhost.key"))) {
            assertThat(openssl(server, "-tls1_1").output()).contains("alert protocol version");
            assertThat(openssl(server, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA")
                            .output())
                    .contains("handshake failure");
            assertThat(openssl(server, "-tls1_2").output())
                    .contains("Cipher is ECDHE-ECDSA-AES")
                    .contains("GCM");
            assertThat(openssl(server, "-tls1_3").output())
                    .contains("New, TLSv1.3")
                    .contains("Verification: OK");
            server.awaitLine("tls handshake failed");
        }
    }

    @Test
    void clientsThatDoNotSpeakTlsAreToldSo() throws Exception {
        try (RunningServer server = start("--https", https())) {
            int port = URI.create(server.boundUri("https")).getPort();
            Ran plain = curl("-i", "http://127.0.0.1:" + port + "/secret");
            assertThat(plain.output()).startsWith("HTTP/1.1 400 ").contains("This port speaks TLS");
            server.awaitLine("why=plain-http");
        }
    }

    @Test
    void aClientThatDoesNotFinishTheHandshakeIsClosed() throws Exception {
        try (RunningServer server = start("--https", https(), "--https-handshake-timeout", "1")) {
            int port = URI.create(server.boundUri("https")).getPort();
            for (byte[] beginning : List.of(new byte[0], new byte[] {22}, new byte[] {22, 3, 1, 2, 0, 1, 0})) {
                int seen = server.logSize();
                try (Socket socket = new Socket("127.0.0.1", port)) {
                    socket.setSoTimeout(60_000);
                    socket.getOutputStream().write(beginning);
                    InputStream in = socket.getInputStream();
                    assertThat(in.read()).isEqualTo(-1);
                }
                server.awaitLine(line -> line.contains("the handshake was not complete in time"), seen);
            }
        }
    }

    @Test
    void clientCertificatesAreCheckedAndNamedToTheApplication() throws Exception {
        certificates.client("ada", "/C=SE/O=Example/CN=Ada").client("eve", "/CN=Eve");
        Path other = Files.createDirectory(directory.resolve("other"));
        Certificates strangers = new Certificates(other).client("eve", "/CN=Eve");
        try (RunningServer server =
                start("--https", https("", "!" + certificates.file("ca.pem")), "--https-export-cert")) {
            server.awaitWorker(1, 0);
            String uri = server.boundUri("https") + "/environ";
            Ran known = curl("--cert", certificates.file("ada.pem"), "--key", certificates.file("ada.key"), uri);
            assertThat(known.output())
                    .contains("HTTPS_DN=/C=SE/O=Example/CN=Ada\n")
                    .contains("HTTPS_CC=-----BEGIN CERTIFICATE-----\n")
                    .contains("HTTPS_CLIENT_CERTIFICATE=");
            assertThat(curl(uri).exitCode()).isNotZero();
            assertThat(curl("--cert", strangers.file("eve.pem"), "--key", strangers.file("eve.key"), uri)
                            .exitCode())
                    .isNotZero();
        }
        try (RunningServer server = start("--https", https("", certificates.file("ca.pem")))) {
            server.awaitWorker(1, 0);
            String uri = server.boundUri("https") + "/environ";
            assertThat(curl(uri).output()).contains("HTTPS=on\n").doesNotContain("HTTPS_DN");
            Ran known = curl("--cert", certificates.file("eve.pem"), "--key", certificates.file("eve.key"), uri);
            assertThat(known.output()).contains("HTTPS_DN=/CN=Eve\n").doesNotContain("HTTPS_CC");
        }
    }

    @Test
    void wrongFilesAreToldAtTheStart() throws Exception {
        certificates.server("example.org");
        try (RunningServer server = start("--https", "127.0.0.1:0,missing.pem,missing.key")) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.log()).contains("--https 127.0.0.1:0: missing.pem: there is no such file");
        }
        try (RunningServer server = start(
                "--https",
                "127.0.0.1:0," + certificates.file("localhost.pem") + "," + certificates.file("example.org.key"))) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.log()).contains("the key is not that of the certificate in ");
        }
    }

    @Test
    void hoconNamesTheFilesOnceForAllListeners() throws Exception {
        Files.writeString(directory.resolve("juwsgi.conf"), """
            https = "127.0.0.1:0"
            tls {
              certificate = %s
              key = %s
            }
            """.formatted(
                        certificates.file("localhost.pem"), certificates.file("localhost.key")));
        try (RunningServer server = start("juwsgi.conf")) {
            server.awaitWorker(1, 0);
            assertThat(curl(server.boundUri("https")).output()).isEqualTo("hello");
        }
    }
}
