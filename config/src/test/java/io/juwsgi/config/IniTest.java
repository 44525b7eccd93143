package io.juwsgi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IniTest {
    @TempDir
    private Path directory;

    private Reading reading;

    @BeforeEach
    void makeReading() {
        reading = new Reading(directory);
    }

    private java.util.List<String> warnings(String text) throws Exception {
        return reading.file("a.ini", text).read("--ini", "a.ini").warnings();
    }

    @Test
    void keepsEverythingInOrder() throws Exception {
        reading.file(
                "a.ini",
                "early = no\n[uwsgi]\r\n; comment\n  # another\n\nenv = A=1\t \n\tenv\t=\tB = 2\nmaster\nenv = \"q\" ; kept\n"
                        + "[other]\nthreads = 9\n[juwsgi]\nthreads=2");
        assertThat(reading.assigned("--ini", "a.ini"))
                .containsExactly(
                        "ini = a.ini", "env = A=1", "env = B = 2", "master = ", "env = \"q\" ; kept", "threads = 2");
    }

    @Test
    void readsTheSectionThatIsAskedFor() throws Exception {
        reading.file("a.ini", "[base]\nthreads = 1\n[uwsgi]\nini = :base\nprocesses = 2\n[dev]\nini = :uwsgi\n");
        assertThat(reading.assigned("a.ini:dev"))
                .containsExactly("ini = a.ini:dev", "ini = :uwsgi", "ini = :base", "threads = 1", "processes = 2");
    }

    @Test
    void anAliasSharesTheSettingsOfItsOption() throws Exception {
        Settings settings =
                reading.file("a.ini", "[uwsgi]\nworkers = 7\n").read("a.ini").settings();
        assertThat(settings.get(Reading.PROCESSES)).isEqualTo(7);
        assertThat(settings.of(Reading.PROCESSES).getFirst().origin()).hasToString("a.ini:2");
    }

    @Test
    void theLastOneWinsWhereverItStands() throws Exception {
        reading.file("a.ini", "[uwsgi]\nthreads = 3\n").variable("UWSGI_THREADS", "2");
        assertThat(reading.read("--ini", "a.ini", "--threads", "4").settings().get(Reading.THREADS))
                .isEqualTo(4);
        assertThat(reading.read("--threads", "4", "--ini", "a.ini").settings().get(Reading.THREADS))
                .isEqualTo(3);
        assertThat(reading.read().settings().get(Reading.THREADS)).isEqualTo(2);
    }

    @Test
    void variablesBecomeOptionsAndForeignOnesDoNoHarm() throws Exception {
        reading.file("a.ini", "[uwsgi]\nthreads = 5\n")
                .variable("UWSGI_INI", "a.ini")
                .variable("JUWSGI_HTTP_KEEPALIVE", "3")
                .variable("UWSGI_READ_TIMEOUT", "9")
                .variable("UWSGI_VERSION", "2.0.21");
        Configuration configuration = reading.read("--master");
        assertThat(configuration.settings().get(Reading.THREADS)).isEqualTo(5);
        assertThat(configuration.settings().get(Reading.KEEPALIVE)).isEqualTo(3);
        assertThat(configuration.warnings()).isEmpty();
    }

    @Test
    void warnsOfUnknownKeysWithAPosition() throws Exception {
        assertThat(warnings(
                        "[uwsgi]\nvaccum = true\nprocess = 4\nstatic /a=/b\nenv /a=b\nworkdir = /x\nchmod-sock = 1\n"))
                .containsExactly(
                        "a.ini:2: unknown option vaccum (did you mean vacuum?)",
                        "a.ini:3: unknown option process (did you mean processes?)",
                        "a.ini:4: unknown option static /a (did you mean static-map?)",
                        "a.ini:5: unknown option env /a (is a \"=\" missing after env?)",
                        "a.ini:6: unknown option workdir",
                        "a.ini:7: unknown option chmod-sock (did you mean chmod-socket?)");
    }

    @Test
    void aPlaceholderThatIsUsedOrDeclaredIsNoMistake() throws Exception {
        assertThat(warnings("[uwsgi]\nproject = x\nchdir = /srv/%(project)\nset-ph = later=1\nstrict = true\n"))
                .isEmpty();
    }

    @Test
    void strictRefusesEveryUnknownKey() throws Exception {
        reading.file("a.ini", "[uwsgi]\nstrict = true\nvaccum = 1\nfoo-bar-baz = 2\n");
        assertThatThrownBy(() -> reading.read("a.ini"))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "a.ini:3: unknown option vaccum (did you mean vacuum?)\na.ini:4: unknown option foo-bar-baz");
        reading.file("a.ini", "[uwsgi]\nstrict = off\nvaccum = 1\n");
        assertThat(reading.read("a.ini").warnings()).hasSize(1);
    }

    @Test
    void pointsOutATrailingCommentThatChangesTheValue() throws Exception {
        assertThat(warnings("[uwsgi]\nchdir = /srv # here\nthreads = 2 # two\nprocname = a#b\n"))
                .containsExactly(
                        "a.ini:2: the comment \"# here\" is part of the value of chdir (comments need a line of their own)");
    }

    @Test
    void pointsOutNumbersThatAreNone() throws Exception {
        assertThat(warnings("[uwsgi]\nthreads = true\n"))
                .containsExactly("a.ini:2: threads = true counts as 0 (expected: a number)");
    }

    @Test
    void saysWhenTheSectionIsMissing() throws Exception {
        assertThat(warnings("[app:main]\nx = 1\n"))
                .containsExactly("command line: a.ini has no section uwsgi, nothing is read from it (found: app:main)");
    }

    @Test
    void refusesACycle() throws Exception {
        reading.file("a.ini", "[uwsgi]\nini = b.ini\n").file("b.ini", "[uwsgi]\nini = a.ini\n");
        assertThatThrownBy(() -> reading.read("a.ini")).hasMessage("b.ini:2: a.ini reads itself again");
    }

    @Test
    void refusesWhatIsNoTextFile() throws Exception {
        Files.write(directory.resolve("zero.ini"), new byte[] {'[', 'u', '\n', 0});
        Files.createDirectory(directory.resolve("folder.ini"));
        reading.file("long.ini", "[uwsgi]\nenv = " + "x".repeat(SourceText.LONGEST_LINE));
        assertThatThrownBy(() -> reading.read("zero.ini"))
                .hasMessage("zero.ini:2: a zero byte (expected: a text file)");
        assertThatThrownBy(() -> reading.read("folder.ini"))
                .hasMessage("command line: folder.ini is a directory (expected: a configuration file)");
        assertThatThrownBy(() -> reading.read("long.ini")).hasMessage("long.ini:2: the line is longer than 1 MiB");
        assertThatThrownBy(() -> reading.read("none.ini"))
                .hasMessage("command line: no such configuration file: none.ini");
        Files.write(directory.resolve("huge.ini"), new byte[SourceText.LARGEST_FILE + 1]);
        assertThatThrownBy(() -> reading.read("huge.ini"))
                .hasMessageStartingWith("command line: huge.ini is larger than");
    }

    @Test
    void tellsWhereARelativeNameIsLookedUp() throws Exception {
        reading.file("conf/a.ini", "[uwsgi]\nini = b.ini\n").file("conf/b.ini", "[uwsgi]\n");
        assertThatThrownBy(() -> reading.read("conf/a.ini"))
                .hasMessageStartingWith("conf/a.ini:2: no such configuration file: b.ini (")
                .hasMessageContaining("write %db.ini");
    }

    @Test
    void refusesPlaceholdersThatGrowWithoutEnd() throws Exception {
        StringBuilder text = new StringBuilder("[uwsgi]\na0 = 0123456789abcdef\n");
        for (int i = 1; i < 60; i++) {
            text.append("a%d = %%(a%d)%%(a%d)\n".formatted(i, i - 1, i - 1));
        }
        reading.file("a.ini", text.toString());
        assertThatThrownBy(() -> reading.read("a.ini")).hasMessageContaining("longer than 1 MiB");
    }

    @Test
    void readsLatin1WhereAFileIsNotUtf8() throws Exception {
        Files.write(
                directory.resolve("a.ini"),
                new byte[] {'[', 'u', 'w', 's', 'g', 'i', ']', '\n', ';', (byte) 0xe4, '\n'});
        assertThat(reading.assigned("a.ini")).containsExactly("ini = a.ini");
    }
}
