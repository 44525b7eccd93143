package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cli.e2e.Certificates.Ran;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real client and a real server of gRPC with juwsgi between them: the client sees what it sees without. */
class GrpcIT {
    @TempDir
    Path directory;

    private Path behind;
    private Certificates certificates;

    @BeforeEach
    void programs() throws Exception {
        behind = Files.createDirectory(directory.resolve("behind"));
        certificates = new Certificates(directory).server("localhost");
        for (String name : new String[] {"grpc_server.py", "grpc_client.py"}) {
            try (InputStream in = GrpcIT.class.getResourceAsStream(name)) {
                Files.write(directory.resolve(name), in.readAllBytes());
            }
        }
    }

    private ForeignServer server(String... more) throws Exception {
        return ForeignServer.script(
                behind,
                ForeignServer.freePort(),
                directory.resolve("grpc_server.py").toString(),
                more);
    }

    private String client(String address, String... more) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("env", "GRPC_VERBOSITY=ERROR", "no_proxy=*", Apps.PYTHON, "-u", "grpc_client.py", address));
        command.addAll(List.of(more));
        Ran ran = Certificates.run(directory, "", command);
        assertThat(ran.exitCode()).as(ran.output()).isZero();
        return ran.output();
    }

    private RunningServer gateway(String server) throws Exception {
        Files.writeString(directory.resolve("juwsgi.conf"), """
                http = "127.0.0.1:0"
                https = "127.0.0.1:0,%2$s,%3$s"
                upstreams { app { servers = ["%1$s"], tls-ca = "%4$s" } }
                routes { app { upstream = app } }
                """.formatted(
                        server,
                        certificates.file("localhost.pem"),
                        certificates.file("localhost.key"),
                        certificates.file("ca.pem")));
        return RunningServer.start(directory, "--conf", "juwsgi.conf");
    }

    private static String address(RunningServer gateway, String protocol) {
        return "localhost:" + gateway.boundUri(protocol).replaceAll(".*:(\\d+).*", "$1");
    }

    @Test
    void callsOfAllKindsGoThroughInPlainText() throws Exception {
        try (ForeignServer server = server();
                RunningServer gateway = gateway("h2c://" + server.address())) {
            String direct = client(server.address());
            assertThat(direct)
                    .contains("chat you said three", "refuse FAILED_PRECONDITION", "cancels seen", "('x-size', '5')");
            assertThat(client(address(gateway, "http"))).isEqualTo(direct);
        }
    }

    @Test
    void callsOfAllKindsGoThroughOverTls() throws Exception {
        String ca = certificates.file("ca.pem");
        try (ForeignServer server = server(certificates.file("localhost.pem"), certificates.file("localhost.key"));
                RunningServer gateway = gateway("h2://" + server.address())) {
            assertThat(client(address(gateway, "https"), ca)).isEqualTo(client(server.address(), ca));
        }
    }

    /** A server that is not there is UNAVAILABLE, as gRPC makes it of 502 and 503. */
    @Test
    void aServerThatIsGoneIsUnavailable() throws Exception {
        try (RunningServer gateway = gateway("h2c://127.0.0.1:" + ForeignServer.freePort())) {
            Ran ran = Certificates.run(
                    directory,
                    "",
                    List.of("env", "no_proxy=*", Apps.PYTHON, "grpc_client.py", address(gateway, "http")));
            assertThat(ran.output()).contains("StatusCode.UNAVAILABLE");
            gateway.awaitLine("why=upstream-refused");
        }
    }

    /** nghttpd sends trailers behind a body whose length it tells. */
    @Test
    void trailersOfNghttpdReachClientsOfBothVersions() throws Exception {
        Files.writeString(behind.resolve("page.txt"), "page");
        try (ForeignServer server = ForeignServer.nghttpd(behind, ForeignServer.freePort(), "--trailer=x-sum: 4");
                RunningServer gateway = gateway("h2c://" + server.address())) {
            String uri = gateway.baseUri() + "/page.txt";
            String second = Certificates.run(directory, "", List.of("nghttp", "-v", uri))
                    .output();
            assertThat(second).contains("trailer: x-sum").containsPattern("recv \\(stream_id=\\d+\\) x-sum: 4");
            List<String> curl = List.of("curl", "-sS", "-i", "--raw", "--http1.1", uri);
            List<String> asking = new ArrayList<>(curl);
            asking.addAll(List.of("-H", "TE: trailers", "-H", "Connection: TE"));
            assertThat(Certificates.run(directory, "", asking).output())
                    .containsIgnoringCase("Trailer: x-sum\r\n")
                    .contains("\r\n4\r\npage\r\n0\r\nx-sum: 4\r\n\r\n");
            assertThat(Certificates.run(directory, "", curl).output())
                    .containsIgnoringCase("Content-Length: 4\r\n")
                    .doesNotContain("x-sum")
                    .endsWith("\r\n\r\npage");
        }
    }
}
