package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cli.e2e.Certificates.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept fresh while TLS is served: the keys of tickets, and what authorities say about certificates. */
class TlsUpkeepIT {
    private static final String PORT = "juwsgi https bound on ";

    @TempDir
    Path directory;

    private Certificates certificates;

    @BeforeEach
    void anAuthority() throws Exception {
        certificates = new Certificates(directory).server("localhost");
    }

    private static String https(String name) {
        return "127.0.0.1:0," + name + ".pem," + name + ".key";
    }

    private static List<String> ports(RunningServer server) {
        server.awaitLine("juwsgi ctl bound on ");
        return server.log()
                .lines()
                .filter(line -> line.contains(PORT))
                .map(line -> line.replaceAll(".*\\(.*:(\\d+)\\)", "$1"))
                .toList();
    }

    private String client(String port, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port, "-CAfile", "ca.pem"));
        command.addAll(List.of(arguments));
        Ran ran = Certificates.run(directory, "GET / HTTP/1.0\r\n\r\n", command);
        return ran.output();
    }

    private void take(String port, String version, String file) throws Exception {
        assertThat(client(port, version, "-ign_eof", "-sess_out", file)).contains("New, TLS");
    }

    @Test
    void ticketsGoForAllListenersAndOutliveCertificates() throws Exception {
        certificates.server("other").client("ada", "/CN=Ada");
        try (RunningServer server = RunningServer.start(
                directory,
                "--https",
                https("localhost"),
                "--https",
                https("localhost"),
                "--https",
                https("localhost") + ",,ca.pem",
                "--tls-reload",
                "100ms")) {
            List<String> ports = ports(server);
            for (String version : List.of("-tls1_2", "-tls1_3")) {
                take(ports.get(0), version, "session" + version);
                assertThat(client(ports.get(1), version, "-sess_in", "session" + version))
                        .contains("Reused, TLS");
                // Where clients are asked for a certificate, nobody comes in with a ticket of elsewhere.
                assertThat(client(ports.get(2), version, "-sess_in", "session" + version))
                        .doesNotContain("Reused, TLS");
            }
            Files.copy(
                    directory.resolve("other.key"),
                    directory.resolve("localhost.key"),
                    StandardCopyOption.REPLACE_EXISTING);
            Files.copy(
                    directory.resolve("other.pem"),
                    directory.resolve("localhost.pem"),
                    StandardCopyOption.REPLACE_EXISTING);
            Eventually.holds(() -> client(ports.get(0)).contains("subject=CN = other"));
            for (String version : List.of("-tls1_2", "-tls1_3")) {
                assertThat(client(ports.get(0), version, "-sess_in", "session" + version))
                        .contains("Reused, TLS");
            }
        }
    }

    @Test
    void ticketsUnderKeysOfLongAgoAreNotTaken() throws Exception {
        try (RunningServer server = RunningServer.start(
                directory, "--https", https("localhost"), "--tls-ticket-rotation", "1s", "--tls-reload", "100ms")) {
            String port = ports(server).getFirst();
            take(port, "-tls1_3", "session");
            Eventually.holds(
                    () -> client(port, "-tls1_3", "-sess_in", "session").contains("New, TLS"));
        }
    }

    private void index(String name, String state) throws Exception {
        Ran serial =
                Certificates.run(directory, "", List.of("openssl", "x509", "-in", name + ".pem", "-noout", "-serial"));
        String number = serial.output().strip().replace("serial=", "");
        Files.writeString(
                directory.resolve("index.txt"),
                state + "\t491231235959Z\t" + (state.equals("R") ? "250101000000Z" : "") + "\t" + number
                        + "\tunknown\t/CN=" + name + "\n");
    }

    private static final List<String> RESPONDER = List.of(
            "openssl",
            "ocsp",
            "-index",
            "index.txt",
            "-rsigner",
            "ca.pem",
            "-rkey",
            "ca.key",
            "-CA",
            "ca.pem",
            "-ndays",
            "1");

    /** Has the authority answer into a file. */
    private void answerInto(String file, String name) throws Exception {
        Path request = directory.resolve("request.der");
        Certificates.run(
                directory,
                "",
                List.of(
                        "openssl",
                        "ocsp",
                        "-issuer",
                        "ca.pem",
                        "-cert",
                        name + ".pem",
                        "-no_nonce",
                        "-reqout",
                        request.toString()));
        List<String> command = new ArrayList<>(RESPONDER);
        command.addAll(List.of("-reqin", request.toString(), "-respout", "answer.der"));
        Ran ran = Certificates.run(directory, "", command);
        assertThat(ran.exitCode()).as(ran.output()).isZero();
        Files.move(directory.resolve("answer.der"), directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void anAnswerBesideTheCertificateIsStapledWhileItIsGood() throws Exception {
        certificates.chain("site", "basicConstraints=CA:false");
        index("site", "V");
        answerInto("site.pem.ocsp", "site");
        try (RunningServer server = RunningServer.start(directory, "--https", https("site"), "--tls-reload", "100ms")) {
            String port = ports(server).getFirst();
            assertThat(client(port, "-status", "-tls1_3"))
                    .contains("OCSP Response Status: successful")
                    .contains("Cert Status: good");
            assertThat(client(port, "-status", "-tls1_2")).contains("Cert Status: good");
            index("site", "R");
            answerInto("site.pem.ocsp", "site");
            assertThat(server.awaitLine("nothing new is stapled for CN=site: ")).contains("revoked");
            assertThat(client(port, "-status")).contains("OCSP response: no response sent");
        }
    }

    @Test
    void theAuthorityIsAskedWhereStaplingIsOn() throws Exception {
        int responder = ForeignServer.freePort();
        certificates.chain("site", "authorityInfoAccess=OCSP;URI:http://127.0.0.1:" + responder);
        index("site", "V");
        List<String> command = new ArrayList<>(RESPONDER);
        command.addAll(List.of("-port", Integer.toString(responder)));
        Process authority = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("authority.log").toFile())
                .start();
        try {
            Eventually.holds(
                    () -> Files.readString(directory.resolve("authority.log")).contains("waiting for OCSP"));
            try (RunningServer server = RunningServer.start(
                    directory, "--https", https("site"), "--tls-stapling", "--tls-reload", "100ms")) {
                String port = ports(server).getFirst();
                Eventually.holds(() -> client(port, "-status").contains("Cert Status: good"));
                assertThat(client(port, "-status")).contains("Verify return code: 0 (ok)");
            }
        } finally {
            authority.destroyForcibly();
        }
    }

    /** Waits for what comes by itself. */
    private static final class Eventually {
        private interface Condition {
            boolean holds() throws Exception;
        }

        static void holds(Condition condition) throws Exception {
            long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
            while (!condition.holds()) {
                assertThat(System.nanoTime()).as("a minute has passed").isLessThan(deadline);
            }
        }
    }
}
