package io.juwsgi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckTest {
    private static final String WRONG = """
            [uwsgi]
            threads = -1
            include = nowhere.ini
            processes = -2
            chdir = /srv # home
            chdir = @(gopher://x)
            set = nothing
            vaccum = true
            thunder-lock = true
            """;

    @TempDir
    private Path directory;

    private Reading reading;

    @BeforeEach
    void makeReading() {
        reading = new Reading(directory);
    }

    private Findings check(String... argv) {
        return new ConfigReader(reading.registry, directory, Map.of()).check(List.of(argv));
    }

    @Test
    void tellsEverythingAtOnceWithPositions() throws Exception {
        reading.file("a.ini", WRONG);
        Findings found = check("a.ini");
        assertThat(found.errors())
                .containsExactlyInAnyOrder(
                        "a.ini:3: no such configuration file: nowhere.ini",
                        "a.ini:7: set needs KEY=VALUE, found: nothing",
                        "a.ini:6: gopher://x: the scheme gopher has no meaning in juwsgi (expected: a file, file, "
                                + "exec, fd, http, https or stdin)",
                        "a.ini:2: threads = -1 (expected: 0 or more)",
                        "a.ini:4: processes = -2 (expected: 0 or more)");
        assertThat(found.warnings())
                .containsExactly(
                        "a.ini:8: unknown option vaccum (did you mean vacuum?)",
                        "a.ini:5: the comment \"# home\" is part of the value of chdir (comments need a line of their own)");
        assertThat(found.notices()).singleElement().asString().startsWith("a.ini:9: thunder-lock has no meaning");
    }

    @Test
    void startingTellsTheSameErrors() throws Exception {
        reading.file("a.ini", WRONG);
        assertThatThrownBy(() -> reading.read("a.ini"))
                .isInstanceOf(ConfigException.class)
                .hasMessage(String.join("\n", check("a.ini").errors()));
    }

    @Test
    void strictMakesUnknownKeysErrors() throws Exception {
        reading.file("a.ini", "[uwsgi]\nstrict = true\nvaccum = 1\nharakari = 3\n");
        assertThat(check("a.ini").errors())
                .hasSize(2)
                .allSatisfy(e -> assertThat(e).contains("did you mean"));
    }

    @Test
    void endsWhenThereAreTooManyErrors() throws Exception {
        reading.file("a.ini", "[uwsgi]\n" + "set = x\n".repeat(200_000));
        assertThat(check("a.ini").errors())
                .hasSizeLessThan(103)
                .contains("more than 100 errors: the rest was not read");
    }

    @Test
    void aWrongLineInALoopDoesNotEndTheLoop() throws Exception {
        reading.file("a.ini", "[uwsgi]\nfor = 1 2\nset = x\nset = k%(_)=1\nendfor =\n");
        assertThat(check("a.ini").errors()).hasSize(1);
        reading.file("b.ini", "[uwsgi]\nset-ph = a=%(k1)%(k2)\nfor = 1 2\nset = k%(_)=1\nendfor =\n");
        assertThat(check("b.ini")).isEqualTo(new Findings(List.of(), List.of(), List.of()));
    }

    @Test
    void tellsOfWhatNobodyCanHaveMeant() throws Exception {
        reading.file("a.ini", """
                        [uwsgi]
                        http = :8000
                        http = 127.0.0.1:8001
                        socket = 127.0.0.1:8000
                        stats = 127.0.0.2:8001
                        http-socket = /run/a:8000
                        buffer-size = 131072
                        buffer-size = 65535
                        daemonize = True
                        http-keepalive = true
                        threads = true
                        processes = 2
                        """);
        assertThat(check("a.ini").warnings())
                .containsExactly(
                        "a.ini:10: http-keepalive = true is no number of seconds (uWSGI reads 0, which turns keep-alive off;"
                                + " here true keeps connections for the usual time, and false does not)",
                        "a.ini:11: threads = true counts as 0 (expected: a number)",
                        "a.ini:4: socket = 127.0.0.1:8000: the port is taken by http = :8000 (a.ini:2)",
                        "a.ini:7: buffer-size = 131072: the uwsgi protocol carries at most 65535 bytes; only HTTP may use more",
                        "a.ini:9: daemonize = True: names a file called True (expected: the name of a file)");
    }

    @Test
    void uwsgiOptHasLastValuesPlaceholdersAndBareOptions() throws Exception {
        reading.file("a.ini", "[uwsgi]\nworkdir = /srv\nenv = A=1\nenv = B=%(workdir)\nvacuum\n");
        assertThat(reading.read("--ini", "a.ini", "--master").settings().optionsOfUwsgi())
                .containsExactly(
                        Map.entry("ini", Optional.of("a.ini")),
                        Map.entry("workdir", Optional.of("/srv")),
                        Map.entry("env", Optional.of("B=/srv")),
                        Map.entry("vacuum", Optional.of("")),
                        Map.entry("master", Optional.empty()));
    }

    @Test
    void aWrongCommandLineIsAnError() {
        assertThat(check("--procesess", "4").errors())
                .containsExactly("unknown option --procesess (did you mean --processes?)");
    }

    @Test
    void processesWithoutMasterAreNoticedInFiles() throws Exception {
        reading.file("a.ini", "[uwsgi]\nprocesses = 4\n").file("b.ini", "[uwsgi]\nprocesses = 4\nmaster = 1\n");
        assertThat(check("a.ini").notices())
                .containsExactly("a.ini:2: processes = 4 without master: juwsgi supervises workers all the same");
        assertThat(check("b.ini").notices()).isEmpty();
        assertThat(check("--processes", "4").notices()).isEmpty();
    }

    @Test
    void whatPartsOfTheProgramRefuseHasItsPosition() throws Exception {
        reading.registry.add("gateway", List.of(Option.sections("upstreams")));
        reading.file(
                "a.ini",
                "[uwsgi]\nhttp = :1\nhttp = :99999\nthreads = 2\nupstreams = name=app\nupstreams = servers=x,name=blog\n");
        Findings found = new ConfigReader(reading.registry, directory, Map.of())
                .check(
                        List.of("a.ini"),
                        all -> ConfigReader.refused(
                                all,
                                List.of(
                                        settings -> {
                                            throw new ConfigException(
                                                    "--http :99999: no port\nthreads: 2 (expected: 1)\nupstreams-blog-servers: none");
                                        },
                                        settings -> {
                                            throw new ConfigException("a.ini:9: said with a position");
                                        })));
        assertThat(found.errors())
                .containsExactly(
                        "a.ini:3: --http :99999: no port",
                        "a.ini:4: threads: 2 (expected: 1)",
                        "a.ini:6: upstreams-blog-servers: none",
                        "a.ini:9: said with a position");
    }
}
