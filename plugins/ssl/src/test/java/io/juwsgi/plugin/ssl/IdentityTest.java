package io.juwsgi.plugin.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and certificates as OpenSSL writes them. */
class IdentityTest {
    @TempDir
    Path directory;

    private void openssl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("openssl.log").toFile())
                .start();
        assertThat(process.waitFor())
                .as(Files.readString(directory.resolve("openssl.log")))
                .isZero();
    }

    private Path made(String... key) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("genpkey", "-out", "a.key"));
        arguments.addAll(List.of(key));
        openssl(arguments.toArray(String[]::new));
        openssl("req", "-x509", "-key", "a.key", "-out", "a.pem", "-subj", "/CN=a", "-days", "2");
        return directory.resolve("a.key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
                "-algorithm EC -pkeyopt ec_paramgen_curve:prime256v1",
                "-algorithm EC -pkeyopt ec_paramgen_curve:secp384r1",
                "-algorithm ED25519"
            })
    void keysOfPkcs8AreRead(String how) throws Exception {
        Path key = made(how.split(" "));
        assertThat(Files.readString(key)).startsWith("-----BEGIN PRIVATE KEY");
        assertThat(Identity.read(directory.resolve("a.pem"), key).chain()).hasSize(1);
    }

    @Test
    void rsaKeysOfPkcs1AreRead() throws Exception {
        made("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048");
        openssl("rsa", "-in", "a.key", "-traditional", "-out", "b.key");
        assertThat(Files.readString(directory.resolve("b.key"))).startsWith("-----BEGIN RSA PRIVATE KEY");
        assertThat(Identity.read(directory.resolve("a.pem"), directory.resolve("b.key"))
                        .key()
                        .getAlgorithm())
                .isEqualTo("RSA");
    }

    @Test
    void ellipticCurveKeysOfTheirOwnFormAreRead() throws Exception {
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-out", "a.key");
        openssl("req", "-x509", "-key", "a.key", "-out", "a.pem", "-subj", "/CN=a", "-days", "2");
        assertThat(Files.readString(directory.resolve("a.key")))
                .startsWith("-----BEGIN EC PARAMETERS")
                .contains("-----BEGIN EC PRIVATE KEY");
        assertThat(Identity.read(directory.resolve("a.pem"), directory.resolve("a.key"))
                        .key()
                        .getAlgorithm())
                .isEqualTo("EC");
    }

    @Test
    void oneFileMayHoldBothInAnyOrder() throws Exception {
        Path key = made("-algorithm", "ED25519");
        Path both = directory.resolve("both.pem");
        Files.writeString(both, Files.readString(key) + "some words\n" + Files.readString(directory.resolve("a.pem")));
        assertThat(Identity.read(both, both).chain()).hasSize(1);
    }

    @Test
    void whatIsWrongIsNamed() throws Exception {
        Path key = made("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1");
        Path certificate = directory.resolve("a.pem");
        openssl("pkey", "-in", "a.key", "-aes256", "-passout", "pass:secret", "-out", "c.key");
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "other.key");
        wrong(
                certificate,
                directory.resolve("c.key"),
                "c.key: the key is encrypted (expected: one without passphrase)");
        wrong(certificate, directory.resolve("other.key"), "other.key: the key is not that of the certificate in");
        wrong(certificate, certificate, "a.pem: there is no private key in it");
        wrong(key, key, "a.key: there is no certificate in it");
        wrong(directory.resolve("none"), key, "none: there is no such file");
        Files.writeString(directory.resolve("cut.key"), Files.readString(key).substring(0, 60));
        wrong(certificate, directory.resolve("cut.key"), "cut.key: a part has no end");
        Files.writeString(
                directory.resolve("bad.key"), "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n");
        wrong(certificate, directory.resolve("bad.key"), "bad.key: the private key is damaged");
    }

    private static void wrong(Path certificate, Path key, String message) {
        assertThatThrownBy(() -> Identity.read(certificate, key)).hasMessageContaining(message);
    }

    @Test
    void aSelfSignedCertificateIsOneForOpenssl() throws Exception {
        Identity made = SelfSigned.make();
        Path file = directory.resolve("own.pem");
        Files.writeString(
                file,
                "-----BEGIN CERTIFICATE-----\n"
                        + java.util.Base64.getMimeEncoder()
                                .encodeToString(made.chain().getFirst().getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        openssl("verify", "-x509_strict", "-CAfile", "own.pem", "-verify_hostname", "localhost", "own.pem");
        openssl("verify", "-CAfile", "own.pem", "-verify_ip", "::1", "own.pem");
        made.chain().getFirst().verify(made.chain().getFirst().getPublicKey());
    }
}
