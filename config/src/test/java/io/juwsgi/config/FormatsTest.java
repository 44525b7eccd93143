package io.juwsgi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FormatsTest {
    @TempDir
    private Path directory;

    private Reading reading;

    @BeforeEach
    void makeReading() {
        reading = new Reading(directory);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a.yaml | uwsgi:~\tmaster: true | a.yaml:2: ",
                "a.yaml | uwsgi: [a | a.yaml:1: ",
                "a.yaml | - a | a.yaml:1: a mapping is expected at the top, with the key uwsgi in it",
                "a.yaml | uwsgi:~  ? [a]~  : b | a.yaml:2: a key is a list or a mapping (expected: a name)",
                "a.yaml | uwsgi:~  a: *nope | a.yaml:2: ",
                "a.json | { bad | a.json:1: ",
                "a.json | {`uwsgi`: {~`a`: 1, }} | a.json:2: ",
                "a.json | [1] | a.json: an object is expected at the top, with the member uwsgi in it",
                "a.json | {} x | a.json:1: ",
                "a.json | | a.json: an object is expected at the top",
                "a.xml | <uwsgi>~<threads>3 | a.xml:2: ",
                "a.xml | <uwsgi>~</uwsg> | a.xml:2: ",
                "a.xml | hello | a.xml:1: ",
                "a.xml | <uwsgi>~<a>&nope;</a></uwsgi> | a.xml:2: ",
            })
    void tellsWhereAFileIsBroken(String name, String text, String message) throws Exception {
        reading.file(name, (text == null ? "" : text).replace('~', '\n').replace('`', '"'));
        assertThatThrownBy(() -> reading.read(name))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void warnsOfWhatIsLeftOut() throws Exception {
        reading.file("a.json", "{\"uwsgi\": {\"env\": [[1]],\n\"http\": {\"keepalive\": 5}}}")
                .file("a.yaml", "uwsgi:\n  master:\n")
                .file("a.xml", "<uwsgi>\n<a><b/></a></uwsgi>")
                .file("b.json", "{\"app\": {}}");
        assertThat(reading.read("a.json", "a.yaml", "a.xml", "b.json").warnings())
                .containsExactly(
                        "a.json:1: env holds a list or an object, left out (expected: texts, numbers)",
                        "a.json:2: http holds a list or an object, left out (expected: texts, numbers)",
                        "a.yaml:2: master has no value and is left out (expected for a flag: true)",
                        "a.xml:2: a holds elements, left out (expected: text)",
                        "command line: b.json has no section uwsgi, nothing is read from it (found: app)");
    }

    @Test
    void refusesAliasesThatMultiply() throws Exception {
        StringBuilder text = new StringBuilder("uwsgi:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            text.append("  a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(10)));
        }
        reading.file("a.yaml", text.toString());
        assertThatThrownBy(() -> reading.read("a.yaml")).isInstanceOf(ConfigException.class);
    }

    @Test
    void refusesEntitiesOfDocumentTypes() throws Exception {
        reading.file(
                "a.xml",
                "<!DOCTYPE uwsgi [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<uwsgi><chdir>&x;</chdir></uwsgi>");
        assertThatThrownBy(() -> reading.read("a.xml")).isInstanceOf(ConfigException.class);
    }

    @ParameterizedTest
    @CsvSource({"a.yaml,uwsgi: ,[", "a.json,'{\"uwsgi\": ',[", "a.xml,<uwsgi>,<a>", "a.conf,a = ,["})
    void refusesDepth(String name, String head, String nested) throws Exception {
        reading.file(name, head + nested.repeat(200_000));
        assertThatThrownBy(() -> reading.read(name)).isInstanceOf(ConfigException.class);
    }

    @Test
    void readsStandardInput() {
        ConfigReader reader = new ConfigReader(
                reading.registry,
                directory,
                reading.environment,
                new ByteArrayInputStream("[uwsgi]\nthreads = 4\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(reader.read(List.of("-")).settings().get(Reading.THREADS)).isEqualTo(4);
    }

    @Test
    void readsTheOutputOfACommand() {
        assertThat(reading.read("--ini", "exec://printf '[uwsgi]\\nthreads = 5\\n'")
                        .settings()
                        .get(Reading.THREADS))
                .isEqualTo(5);
    }

    @Test
    void readsWhatAServerSends() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = Thread.ofVirtual().start(() -> answer(server, "[a]\nthreads = 1\n[b]\nthreads = 6\n"));
            assertThat(reading.read("--ini", "http://127.0.0.1:" + server.getLocalPort() + "/a.ini:b")
                            .settings()
                            .get(Reading.THREADS))
                    .isEqualTo(6);
            answering.join();
        }
    }

    private static void answer(ServerSocket server, String text) {
        try (Socket client = server.accept()) {
            BufferedReader request =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            String line = request.readLine();
            while (line != null && !line.isEmpty()) {
                line = request.readLine();
            }
            client.getOutputStream().write(("HTTP/1.0 200 OK\r\n\r\n" + text).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void readsADescriptor() throws Exception {
        reading.file("value", "from a descriptor\n");
        Path file = directory.resolve("value").toRealPath();
        try (InputStream open = Files.newInputStream(file);
                Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            String number = descriptors
                    .filter(link -> file.equals(target(link)))
                    .findFirst()
                    .orElseThrow()
                    .getFileName()
                    .toString();
            assertThat(reading.assigned("--chdir", "@(fd://" + number + ")"))
                    .containsExactly("chdir = from a descriptor");
            assertThat(open.available()).isNotNegative();
        }
    }

    private static @Nullable Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            // It was closed meanwhile.
            return null;
        }
    }

    @Test
    void refusesSchemesWithoutMeaning() {
        assertThatThrownBy(() -> reading.read("--chdir", "@(sym://x)"))
                .hasMessageStartingWith("command line: sym://x: the scheme sym has no meaning in juwsgi");
        assertThatThrownBy(() -> reading.read("--chdir", "@(nope)"))
                .hasMessage("command line: no such configuration file: nope");
    }

    @Test
    void printsAndDeclares() throws Exception {
        reading.file(
                "a.ini",
                "[uwsgi]\nname = web\nprint = hello %(name)\ndeclare-option = size=processes=$1;threads=$2\nsize = 3 4\n");
        Configuration configuration = reading.read("a.ini");
        assertThat(configuration.notices()).startsWith("hello web");
        assertThat(configuration.settings().get(Reading.PROCESSES)).isEqualTo(3);
        assertThat(configuration.settings().get(Reading.THREADS)).isEqualTo(4);
        assertThat(configuration.warnings()).isEmpty();
        reading.file("b.ini", "[uwsgi]\ndeclare-option = x=x=$1\nx = 1\n");
        assertThatThrownBy(() -> reading.read("b.ini"))
                .hasMessage("b.ini:3: the declared option x leads back to itself");
    }

    @Test
    void fallsBack() throws Exception {
        reading.file("a.ini", "[uwsgi]\nfallback-config = b.ini\nini = missing.ini\n")
                .file("b.ini", "[uwsgi]\nthreads = 7\n");
        Configuration configuration = reading.read("a.ini");
        assertThat(configuration.settings().get(Reading.THREADS)).isEqualTo(7);
        assertThat(configuration.warnings())
                .containsExactly(
                        "a.ini:3: no such configuration file: missing.ini",
                        "a.ini:2: b.ini is read instead, as fallback-config says");
    }

    @Test
    void warnsOfBlocksThatAreOddlyClosed() throws Exception {
        reading.file("a.ini", "[uwsgi]\nif-env = NOPE\nif-env = HOME\nendif =\nfor = a b\nmaster = true\n");
        assertThat(reading.read("a.ini").warnings())
                .containsExactly(
                        "a.ini:3: if-env inside the skipped block of if-env: the next end closes that one (blocks cannot be"
                                + " nested)",
                        "a.ini:5: for is never closed (expected: endfor)");
    }

    @Test
    void refusesLoopsWithoutEnd() throws Exception {
        reading.file("a.ini", "[uwsgi]\nfor-times = 1000000000\nx = 1\nendfor =\n");
        assertThatThrownBy(() -> reading.read("a.ini"))
                .hasMessageStartingWith("a.ini:2: for-times = 1000000000 (expected");
        reading.file("b.ini", "[uwsgi]\nfor-times = 9999\n" + "x = 1\n".repeat(20) + "endfor =\n");
        assertThatThrownBy(() -> reading.read("b.ini")).hasMessageEndingWith("more than 100000 settings");
        reading.file("c.ini", "[uwsgi]\ninherit = c.ini\n");
        assertThatThrownBy(() -> reading.read("c.ini")).isInstanceOf(ConfigException.class);
    }

    @Test
    void replacesMagicLettersOfTheMachine() throws Exception {
        reading.file("a.ini", "[uwsgi]\na = %k\nb = %(%k * 2)\nc = %v\nd = %[x\n");
        int processors = Runtime.getRuntime().availableProcessors();
        assertThat(reading.assigned("--ini", "a.ini"))
                .containsExactly(
                        "ini = a.ini", "a = " + processors, "b = " + processors * 2, "c = " + directory, "d = \u001bx");
    }
}
