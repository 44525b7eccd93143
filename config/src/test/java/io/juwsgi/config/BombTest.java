package io.juwsgi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small files that mean something huge or endless are refused with one line, in bounded time and memory. */
final class BombTest {
    /** Generous: the point is that it ends. */
    private static final Duration LONGEST = Duration.ofSeconds(120);

    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    private Path directory;

    private Reading reading;

    @BeforeEach
    void makeReading() {
        reading = new Reading(directory);
    }

    private void refused(String message, String... argv) {
        Assertions.assertTimeoutPreemptively(
                LONGEST,
                () -> assertThatThrownBy(() -> reading.read(argv))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining(message)
                        .hasMessageNotContaining("\n"));
    }

    private static String chain(String first, String next, int length) {
        StringBuilder text = new StringBuilder(first);
        IntStream.range(1, length)
                .forEach(i -> text.append(next.replace("NEW", "a" + i).replace("OLD", "a" + (i - 1))));
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NEW = ${OLD}${OLD}\n",
                "NEW = [${OLD}, ${OLD}]\n",
                "NEW { l = ${OLD}, r = ${OLD} }\n",
                "NEW = ${OLD}\" \"${OLD}\n",
                "NEW = ${?OLD}${?OLD}\n",
                "w.NEW = ${w.OLD}${w.OLD}\n",
            })
    void hoconSubstitutionsThatDoubleEachOther(String next) throws Exception {
        String first = next.startsWith("w.") ? "w.a0 = 0123456789\n" : "a0 = 0123456789\n";
        reading.file("a.conf", chain(first, next, 40));
        Assertions.assertTimeoutPreemptively(
                LONGEST,
                () -> assertThatThrownBy(() -> reading.read("a.conf"))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageMatching("a\\.conf:[12][0-9]: the substitutions make more than 8 MiB of text"));
    }

    @Test
    void hoconValuesThatDoubleThemselves() throws Exception {
        reading.file("a.conf", "a = 0123456789\n" + "a = ${a}${a}\n".repeat(40));
        refused("the substitutions make more than", "a.conf");
        reading.file("b.conf", "a = [1]\n" + "a = ${a} ${a}\n".repeat(40));
        refused("the substitutions make more than", "b.conf");
        reading.file("c.conf", "b = {x = 1}\na = {c = ${b}}\n" + "a = ${a}{l = ${a.c}, r = ${a.c}}\n".repeat(60));
        refused("the substitutions make more than", "c.conf");
    }

    @Test
    void hoconThatGrowsAsPeopleWriteItIsRead() throws Exception {
        reading.variable("HOST", "h")
                .file(
                        "a.conf",
                        "env = [\"A=1\"]\n" + "env += \"B=2\"\n".repeat(300) + chain("a0 = x\n", "NEW = ${OLD}y\n", 100)
                                + "base { threads = 2 }\njuwsgi = ${base} { processes = 3, procname = ${HOST}${HOST} }\n");
        Settings settings = reading.read("a.conf").settings();
        assertThat(settings.get(Reading.ENV)).hasSize(301);
        assertThat(settings.get(Reading.THREADS)).isEqualTo(2);
        assertThat(settings.get(Reading.PROCNAME)).contains("hh");
    }

    @Test
    void hoconValuesThatAllReferToEachOther() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            text.append('k').append(i).append(" = x");
            for (int j = 0; j < 40; j++) {
                text.append(j == i ? "" : "${?k" + j + "}");
            }
            text.append('\n');
        }
        reading.file("a.conf", text.toString());
        Assertions.assertTimeoutPreemptively(LONGEST, () -> {
            try {
                reading.read("a.conf");
            } catch (ConfigException e) {
                assertThat(e).hasMessageContaining("a.conf");
            }
        });
    }

    @Test
    void hoconIncludesThatMultiply() throws Exception {
        for (int i = 0; i < 30; i++) {
            reading.file("i" + i + ".conf", ("include \"i" + (i + 1) + ".conf\"\n").repeat(3));
        }
        reading.file("i30.conf", "threads = 1\n");
        refused("more than 256 includes", "i0.conf");
        reading.file("self.conf", "include \"self.conf\"\n");
        refused("does a file include itself?", "self.conf");
        reading.file("zero.conf", "include file(\"/dev/zero\")\n");
        refused("/dev/zero is larger than 8 MiB", "zero.conf");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "include url(\"http://localhost:1/\") | include url(http://localhost:1/) (expected: a file)",
                "include \"http://localhost:1/\" | include url(http://localhost:1/) (expected: a file)",
                "include classpath(\"reference.conf\") | include classpath(reference.conf) (expected: a file)",
                "include required(\"nope\") | include required(nope): no such configuration file",
            })
    void hoconIncludesFilesOnly(String text, String message) throws Exception {
        reading.file("a.conf", text);
        refused("a.conf: " + message, "a.conf");
    }

    @Test
    void blocksThatRepeatLongLines() throws Exception {
        reading.file("a.ini", "[uwsgi]\nfor-times = 5000\nx = %(_)" + "y".repeat(MEBIBYTE / 2) + "\nendfor =\n");
        refused("a.ini:3: the settings hold more than 16 MiB", "a.ini");
    }

    @Test
    void blocksThatRepeatFiles() throws Exception {
        reading.file("a.ini", "[uwsgi]\nfor-times = 9000\nini = b.ini\nendfor =\n")
                .file("b.ini", "[uwsgi]\nfor-times = 9000\nini = c.ini\nendfor =\n")
                .file("c.ini", "[uwsgi]\nx = 1\n");
        refused("more than 100000 settings", "a.ini");
    }

    @Test
    void placeholdersThatAddUp() throws Exception {
        reading.file("a.ini", "[uwsgi]\nbig = " + "y".repeat(MEBIBYTE / 2) + "\n" + "x = %(big)\n".repeat(90_000));
        refused("the placeholders make more than 16 MiB of text", "a.ini");
    }

    @Test
    void declaredOptionsThatFanOut() throws Exception {
        StringBuilder text = new StringBuilder("[uwsgi]\n");
        for (int i = 0; i < 15; i++) {
            text.append("declare-option = d%d=%s\n".formatted(i, ("d" + (i + 1) + "=$1;").repeat(20)));
        }
        reading.file("a.ini", text + "declare-option = d15=vaccum=$1\nd0 = 1\n");
        refused("a.ini:18: the declared options make too many settings", "a.ini");
        reading.file("b.ini", "[uwsgi]\ndeclare-option = d=x=" + "$1".repeat(300_000) + "\nd = " + "y".repeat(90_000));
        refused("b.ini:3: the declared option makes a value longer than 1 MiB", "b.ini");
    }

    @Test
    void theSameOptionAHundredThousandTimes() throws Exception {
        reading.file("a.ini", "[uwsgi]\n" + "env = A=1\nif-opt = nope\nendif =\n".repeat(30_000));
        Assertions.assertTimeoutPreemptively(
                LONGEST,
                () -> assertThat(reading.read("a.ini").settings().get(Reading.ENV))
                        .hasSize(30_000));
    }

    @Test
    void aFileFullOfUnknownKeysIsToldOfBriefly() throws Exception {
        StringBuilder text = new StringBuilder("[uwsgi]\n");
        IntStream.range(0, 90_000)
                .forEach(i -> text.append("procesess-").append(i).append(" = 1\n"));
        reading.file("a.ini", text.toString());
        Assertions.assertTimeoutPreemptively(
                LONGEST,
                () -> assertThat(reading.read("a.ini").warnings())
                        .hasSize(101)
                        .last()
                        .isEqualTo("89900 more unknown options"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ini", "yaml", "json", "xml", "conf"})
    void devicesThatNeverEnd(String format) {
        refused("command line: /dev/zero is larger than 8 MiB", "--" + format, "/dev/zero");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ini", "yaml", "json", "xml", "conf"})
    void longLinesOfEveryFormat(String format) throws Exception {
        reading.file("a." + format, "x".repeat(MEBIBYTE + 1));
        refused("a." + format + ":1: the line is longer than 1 MiB", "a." + format);
    }

    @Test
    void entitiesThatLaugh() throws Exception {
        StringBuilder text = new StringBuilder("<!DOCTYPE uwsgi [<!ENTITY a0 \"ha\">\n");
        for (int i = 1; i < 30; i++) {
            text.append("<!ENTITY a%d \"&a%d;&a%d;\">\n".formatted(i, i - 1, i - 1));
        }
        reading.file("a.xml", text + "]>\n<uwsgi><chdir>&a29;</chdir></uwsgi>");
        refused("a.xml:31: a document type, which is not read (expected: an element)", "a.xml");
    }

    @Test
    void whatDoesNotEndInTimeIsGivenUp() throws Exception {
        Process fifo =
                new ProcessBuilder("mkfifo", directory.resolve("pipe.ini").toString()).start();
        assertThat(fifo.waitFor()).isZero();
        impatient("command line: pipe.ini has not come to an end within 1 seconds", "--ini", "pipe.ini");
        impatient("exec://sleep 600 has not come to an end", "--ini", "exec://sleep 600");
        impatient("exec://sleep 600; true has not come to an end", "--chdir", "@(exec://sleep 600; true)");
        reading.file("a.ini", "[uwsgi]\nfor-readline = pipe.ini\nx = %(_)\nendfor =\n");
        impatient("a.ini:2: pipe.ini has not come to an end", "--ini", "a.ini");
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + silent.getLocalPort() + "/";
            impatient(url + " has not come to an end", "--ini", url);
        }
        refused("exec://yes is larger than 8 MiB", "--ini", "exec://yes");
    }

    private void impatient(String message, String... argv) {
        Surroundings surroundings = new Surroundings(
                directory,
                System.getenv(),
                new ByteArrayInputStream(new byte[0]),
                new Patience(Duration.ofSeconds(1)),
                false);
        Assertions.assertTimeoutPreemptively(
                LONGEST,
                () -> assertThatThrownBy(() -> new ConfigReader(reading.registry, surroundings).read(List.of(argv)))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining(message)
                        .hasMessageNotContaining("\n"));
    }

    @Test
    void aFileThatMayNotBeReadGetsOneLine() throws Exception {
        // For root only the kernel's write-only settings are such.
        Path unreadable = Path.of("/proc/sys/net/ipv4/route/flush");
        if (!"root".equals(System.getProperty("user.name"))) {
            unreadable = Files.createFile(directory.resolve("secret.ini"));
            assertThat(unreadable.toFile().setReadable(false)).isTrue();
        }
        refused("command line: no permission to read " + unreadable, "--ini", unreadable.toString());
    }
}
