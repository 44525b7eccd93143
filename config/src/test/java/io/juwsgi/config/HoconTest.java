package io.juwsgi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HoconTest {
    @TempDir
    private Path directory;

    private Reading reading;

    @BeforeEach
    void makeReading() {
        reading = new Reading(directory);
    }

    @Test
    void joinsNestedNamesAndRepeatsLists() throws Exception {
        reading.variable("PORT", "8123").file("juwsgi.conf", """
                        # comment
                        processes = 4
                        http { _ = [":80", "[::1]:"${PORT}], keepalive = 5 }
                        master = true
                        name = web
                        procname = ${name}-1
                        env = [ "A=1", { b = 2, a = 1 } ]
                        threads = 10
                        """);
        assertThat(reading.assigned("juwsgi.conf"))
                .containsExactly(
                        "conf = juwsgi.conf",
                        "processes = 4",
                        "http = :80",
                        "http = [::1]:8123",
                        "http-keepalive = 5",
                        "master = true",
                        "name = web",
                        "procname = web-1",
                        "env = A=1",
                        "env = a=1,b=2",
                        "threads = 10");
    }

    @Test
    void readsIncludes() throws Exception {
        reading.file("conf/juwsgi.conf", "include \"more.conf\"\nthreads = 2\n")
                .file("conf/more.conf", "processes = 3\n");
        Settings settings = reading.read("--config", "conf/juwsgi.conf").settings();
        assertThat(settings.get(Reading.PROCESSES)).isEqualTo(3);
        assertThat(settings.get(Reading.THREADS)).isEqualTo(2);
        assertThat(settings.of(Reading.PROCESSES).getFirst().origin().toString())
                .endsWith("more.conf:1");
    }

    @Test
    void givesPositionsInMessages() throws Exception {
        assertThat(reading.file("a.conf", "juwsgi {\n  vaccum = true\n}\n")
                        .read("a.conf")
                        .warnings())
                .containsExactly("a.conf:2: unknown option vaccum (did you mean vacuum?)");
        reading.file("b.conf", "threads = 1\nhttp = [\n");
        assertThatThrownBy(() -> reading.read("b.conf"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("b.conf:3: ");
        reading.file("c.conf", "threads = 1\nchdir = ${nope}\n");
        assertThatThrownBy(() -> reading.read("c.conf"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("c.conf:2: ");
        reading.file("d.conf", "env = [[1]]");
        assertThatThrownBy(() -> reading.read("d.conf"))
                .hasMessage("d.conf:1: a list inside the list of env (expected: texts, numbers or objects)");
    }

    @Test
    void refusesCyclesAndDepth() throws Exception {
        reading.file("a.conf", "include \"a.conf\"\n");
        assertThatThrownBy(() -> reading.read("a.conf")).isInstanceOf(ConfigException.class);
        reading.file("b.conf", "a {".repeat(200_000));
        assertThatThrownBy(() -> reading.read("b.conf")).isInstanceOf(ConfigException.class);
        reading.file("c.conf", "a = ${b}\nb = ${a}\n");
        assertThatThrownBy(() -> reading.read("c.conf")).isInstanceOf(ConfigException.class);
    }

    @Test
    void mayReadAnIni() throws Exception {
        reading.file("a.conf", "ini = a.ini\n").file("a.ini", "[uwsgi]\nthreads = 6\n");
        assertThat(reading.read("a.conf").settings().get(Reading.THREADS)).isEqualTo(6);
    }
}
