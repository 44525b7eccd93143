package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An authority and certificates of it, made by OpenSSL in one directory. */
final class Certificates {
    private final Path directory;

    Certificates(Path directory) throws Exception {
        this.directory = directory;
        openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                "ca.key",
                "-out",
                "ca.pem",
                "-days",
                "2",
                "-subj",
                "/CN=Test Authority");
    }

    /** Makes {@code NAME.pem} and {@code NAME.key} (PKCS#8, elliptic curve) for the host {@code NAME} and 127.0.0.1. */
    Certificates server(String name) throws Exception {
        return issue(name, "/CN=" + name, "subjectAltName=DNS:" + name + ",IP:127.0.0.1");
    }

    /** The same, with another line of extensions; the authority's certificate stands behind the server's in the file. */
    Certificates chain(String name, String extension) throws Exception {
        issue(name, "/CN=" + name, "subjectAltName=DNS:" + name + ",IP:127.0.0.1\n" + extension);
        Path file = directory.resolve(name + ".pem");
        Files.writeString(file, Files.readString(file) + Files.readString(directory.resolve("ca.pem")));
        return this;
    }

    /** Makes {@code NAME.pem} and {@code NAME.key} for a client of this subject. */
    Certificates client(String name, String subject) throws Exception {
        return issue(name, subject, "extendedKeyUsage=clientAuth");
    }

    private Certificates issue(String name, String subject, String extension) throws Exception {
        Files.writeString(directory.resolve(name + ".ext"), extension + "\n");
        openssl(
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                name + ".key",
                "-out",
                name + ".csr",
                "-subj",
                subject);
        openssl(
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "2",
                "-extfile",
                name + ".ext",
                "-out",
                name + ".pem");
        return this;
    }

    /** Returns the path of a file that was made, such as {@code ca.pem}. */
    String file(String name) {
        return directory.resolve(name).toString();
    }

    private void openssl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Ran ran = run(directory, "", command);
        assertThat(ran.exitCode()).as(ran.output()).isZero();
    }

    /** What a program did: standard output and error together. */
    record Ran(int exitCode, String output) {}

    /** Runs a program to its end. */
    static Ran run(Path directory, String input, List<String> command) throws IOException, InterruptedException {
        Path in = Files.createTempFile(directory, "in", null);
        Path out = Files.createTempFile(directory, "out", null);
        Files.writeString(in, input);
        int exitCode = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start()
                .waitFor();
        return new Ran(exitCode, Files.readString(out, StandardCharsets.ISO_8859_1));
    }
}
