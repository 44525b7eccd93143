package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What sslscan finds where nothing is configured but a certificate: all that SSL Labs' rating guide asks of an A. */
class TlsScanIT {
    @TempDir
    Path directory;

    private String scan(String... options) throws Exception {
        new Certificates(directory).server("localhost");
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("--https", "127.0.0.1:0,localhost.pem,localhost.key"));
        try (RunningServer server = RunningServer.start(directory, arguments.toArray(String[]::new))) {
            int port = URI.create(server.boundUri("https")).getPort();
            return Certificates.run(
                            directory,
                            "",
                            List.of("sslscan", "--no-colour", "--ocsp", "--show-sigs", "127.0.0.1:" + port))
                    .output();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void onlyModernProtocolsAndCiphersAreSpoken(String engine) throws Exception {
        String found = scan("--tls-engine", engine);
        assertThat(found)
                .contains("SSLv2     disabled", "SSLv3     disabled", "TLSv1.0   disabled", "TLSv1.1   disabled")
                .contains("TLSv1.2   enabled", "TLSv1.3   enabled")
                .contains("TLSv1.2 not vulnerable to heartbleed", "TLSv1.3 not vulnerable to heartbleed");
        List<String> suites = found.lines()
                .filter(line -> line.matches("(Preferred|Accepted) +TLSv.*"))
                .toList();
        assertThat(suites).hasSizeGreaterThanOrEqualTo(6);
        // Forward secrecy and authenticated encryption with 128 bits or more, and nothing else.
        assertThat(suites)
                .allMatch(line -> line.matches(".* TLSv1\\.3 +(128|256) bits +TLS_\\S+(GCM|POLY1305)_\\S+ .*")
                        || line.matches(".* TLSv1\\.2 +(128|256) bits +ECDHE-ECDSA-\\S*(GCM|POLY1305)\\S* .*"));
    }

    @Test
    void clientsCanTellThatTheyWereNotTalkedDown() throws Exception {
        assertThat(scan()).contains("Server supports TLS Fallback SCSV", "Session renegotiation not supported");
    }
}
