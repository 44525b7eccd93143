package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about options and configurations, by the launcher, under both of its names. */
class ConfigCommandsIT {
    @TempDir
    Path directory;

    private Path ini(String name, String body) throws Exception {
        return Files.writeString(directory.resolve(name), "[uwsgi]\n" + body);
    }

    private String answers(int exitCode, String... arguments) throws Exception {
        try (RunningServer run = RunningServer.start(directory, arguments)) {
            assertThat(run.exitCode()).as(run.log()).isEqualTo(exitCode);
            return run.log();
        }
    }

    private RunningServer uwsgi(String... arguments) throws Exception {
        Path link = directory.resolve("uwsgi");
        if (!Files.exists(link)) {
            Files.createSymbolicLink(link, RunningServer.ROOT.resolve("juwsgi"));
        }
        return RunningServer.startBy(link, directory, Map.of(), arguments);
    }

    @Test
    void optionsListsThoseOfAllPlugins() throws Exception {
        assertThat(answers(0, "options", "python").lines())
                .anySatisfy(line -> assertThat(line).matches("callable +the name of the application.*"))
                .noneSatisfy(line -> assertThat(line).startsWith("http"));
        assertThat(answers(0, "options", "--json")).startsWith("[{").contains("\"name\":\"thunder-lock\"");
        assertThat(answers(1, "options", "nowhere")).contains("nowhere (expected: --json, --markdown or an area");
    }

    @Test
    void showConfigHidesSecrets() throws Exception {
        ini("a.ini", "processes = 2\nenv = API_KEY=abc\n");
        assertThat(answers(0, "show-config", "a.ini", "--threads", "3"))
                .contains("threads = 3", "processes = 2", "; a.ini:2", "env = API_KEY=****")
                .doesNotContain("abc");
    }

    @Test
    void checkTellsEverythingOfEveryFile() throws Exception {
        ini("good.ini", "processes = 2\nmaster = true\n");
        ini("odd.ini", "vaccum = true\n");
        ini("bad.ini", "threads = -1\nprocesses = -2\n");
        assertThat(answers(0, "check", "good.ini")).isEqualTo("good.ini: ok, 0 warnings");
        assertThat(answers(0, "check", "odd.ini"))
                .contains("warning: odd.ini:2: unknown option vaccum (did you mean vacuum?)")
                .endsWith("odd.ini: ok, 1 warning");
        assertThat(answers(1, "check", "good.ini", "bad.ini", "missing.ini").lines())
                .containsExactly(
                        "good.ini: ok, 0 warnings",
                        "error: bad.ini:2: threads = -1 (expected: 0 or more)",
                        "error: bad.ini:3: processes = -2 (expected: 0 or more)",
                        "bad.ini: wrong, 2 errors, 0 warnings",
                        "error: command line: no such configuration file: missing.ini",
                        "missing.ini: wrong, 1 error, 0 warnings");
    }

    @Test
    void commandsReadPipesAndCommandsOnce() throws Exception {
        for (String command : new String[] {"check", "show-config"}) {
            assertThat(answers(0, command, "--ini", "exec://echo x >>ran; printf '[uwsgi]\nthreads = 7\n'"))
                    .contains(command.equals("check") ? "ok, 0 warnings" : "threads = 7");
        }
        assertThat(Files.readString(directory.resolve("ran"))).isEqualTo("x\nx\n");
    }

    @Test
    void checkTellsWhatThePartsOfTheProgramWouldRefuse() throws Exception {
        ini("a.ini", """
                http = :99999
                socket = /tmp/ok.sock
                chmod-socket = 999
                buffer-size = 5
                processes = 100000
                cron = 99 99 nonsense
                protocol = scgi
                upstreams = name=app
                """);
        String report = answers(1, "check", "a.ini");
        for (int line = 2; line <= 9; line++) {
            if (line != 3) {
                assertThat(report).contains("error: a.ini:" + line + ": ");
            }
        }
        assertThat(report).endsWith("a.ini: wrong, 7 errors, 0 warnings");
        assertThat(answers(1, "--ini", "a.ini").lines().filter(line -> line.startsWith("juwsgi: a.ini:")))
                .hasSize(7);
    }

    @Test
    void convertWritesAFileThatCanBeServed() throws Exception {
        ini("a.ini", "project = app\nmodule = %(project):app\nfor = A B\nenv = %(_)=1\nendfor =\nthreads = 2\n");
        assertThat(answers(0, "convert", "a.ini"))
                .contains("# a.ini:3: load the application from a module")
                .contains("module = \"app:app\"\n", "env = [\n  \"A=1\"\n  \"B=1\"\n]", "threads = 2");
        Files.writeString(directory.resolve("b.ini"), answers(0, "convert", "a.ini", "--to", "ini"));
        assertThat(answers(0, "check", "b.ini")).isEqualTo("b.ini: ok, 0 warnings");
        assertThat(answers(1, "convert", "a.ini", "--to", "toml")).contains("--to toml (expected: hocon or ini)");
    }

    @Test
    void completionAndManualPageAreMadeFromAllOptions() throws Exception {
        String script = answers(0, "completion", "bash") + "\nCOMP_WORDS=(juwsgi --calla); COMP_CWORD=1; _juwsgi; "
                + "echo \"${COMPREPLY[*]}\"\nCOMP_WORDS=(juwsgi show-); _juwsgi; echo \"${COMPREPLY[*]}\"\n";
        Process bash = new ProcessBuilder("bash", "-c", script)
                .redirectErrorStream(true)
                .start();
        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("--callable\nshow-config\n");
        assertThat(bash.waitFor()).isZero();
        assertThat(answers(0, "man")).startsWith(".TH JUWSGI 1").contains("\\-\\-callable NAME");
        assertThat(answers(1, "completion", "tcsh")).contains("tcsh (expected: bash, zsh or fish)");
    }

    @Test
    void minusTChecksTheWholeCommandLine() throws Exception {
        ini("a.ini", "processes = 2\nmaster = true\n");
        assertThat(answers(0, "-t", "a.ini")).isEqualTo("a.ini: ok, 0 warnings");
        assertThat(answers(1, "--ini", "a.ini", "--threads", "-2", "-t"))
                .contains("error: command line: threads = -2 (expected: 0 or more)");
    }

    @Test
    void behavesTheSameUnderTheNameOfUwsgi() throws Exception {
        try (RunningServer help = uwsgi("-h")) {
            assertThat(help.exitCode()).isZero();
            assertThat(help.log()).startsWith("Usage: uwsgi [OPTION]...").contains("--processes N");
        }
        try (RunningServer version = uwsgi("--version")) {
            assertThat(version.exitCode()).isZero();
            assertThat(version.log()).matches("[0-9]+\\.[0-9]+\\.[0-9]+\\S*");
        }
        try (RunningServer wrong = uwsgi("--procesess", "4")) {
            assertThat(wrong.exitCode()).isEqualTo(1);
            assertThat(wrong.log()).isEqualTo("uwsgi: unknown option --procesess (did you mean --processes?)");
        }
    }

    @Test
    void optionsThatDoOneThingAndExit() throws Exception {
        assertThat(answers(0, "--dump-options").lines())
                .hasSizeGreaterThan(1335)
                .contains("http", "static-map", "uwsgi-socket", "wsgi");
        Files.writeString(directory.resolve("text"), "what it holds");
        assertThat(answers(0, "--extract", "text", "--extract", "exec://echo more"))
                .isEqualTo("what it holdsmore");
        assertThat(answers(1, "--connect-and-read", "nowhere.sock"))
                .startsWith("juwsgi: connect-and-read: nowhere.sock: ");
        Apps.write(directory, Apps.PATHS);
        try (RunningServer server = RunningServer.start(
                directory, "--http", "127.0.0.1:0", "--module", "app:app", "--stats", "stats.sock")) {
            assertThat(server.get("/").body()).isEqualTo("hello");
            try (RunningServer read = uwsgi("--connect-and-read", "stats.sock")) {
                assertThat(read.exitCode()).isZero();
                assertThat(read.log())
                        .startsWith("{")
                        .contains("\"listen_queue\"")
                        .endsWith("}");
            }
        }
    }

    @Test
    void badFilesGetALineEach() throws Exception {
        Files.writeString(directory.resolve("laugh.conf"), laughing());
        Files.writeString(directory.resolve("long.yaml"), "a: " + "x".repeat(2 << 20));
        Files.write(directory.resolve("binary.json"), new byte[] {'{', 0, 1, 2});
        Files.writeString(
                directory.resolve("entity.xml"), "<!DOCTYPE u [<!ENTITY a \"b\">]>\n<uwsgi><c>&a;</c></uwsgi>");
        ini("loop.ini", "ini = loop.ini\n");
        Files.createDirectory(directory.resolve("folder.ini"));
        Files.createSymbolicLink(directory.resolve("zero.ini"), Path.of("/dev/zero"));
        assertThat(answers(
                                1,
                                "check",
                                "laugh.conf",
                                "long.yaml",
                                "binary.json",
                                "entity.xml",
                                "loop.ini",
                                "folder.ini",
                                "zero.ini")
                        .lines()
                        .filter(line -> line.startsWith("error: ")))
                .hasSize(7)
                .contains(
                        "error: laugh.conf:22: the substitutions make more than 8 MiB of text",
                        "error: long.yaml:1: the line is longer than 1 MiB",
                        "error: binary.json:1: a zero byte (expected: a text file)",
                        "error: loop.ini:2: loop.ini reads itself again",
                        "error: command line: folder.ini is a directory (expected: a configuration file)",
                        "error: command line: zero.ini is larger than 8 MiB (expected: a text file)")
                .contains("error: entity.xml:1: a document type, which is not read (expected: an element)");
        assertThat(answers(1, "zero.ini"))
                .isEqualTo("juwsgi: command line: zero.ini is larger than 8 MiB (expected: a text file)");
    }

    private static String laughing() {
        StringBuilder text = new StringBuilder("a0 = ha\n");
        for (int i = 1; i < 40; i++) {
            text.append("a%d = ${a%d}${a%d}\n".formatted(i, i - 1, i - 1));
        }
        return text.toString();
    }

    @Test
    void fallsBackWhenAServerCannotBegin() throws Exception {
        Apps.write(directory, Apps.PATHS);
        ini("a.ini", "http = 127.0.0.1:0\nchmod-socket = 999\nfallback-config = b.ini\n");
        ini("b.ini", "http = 127.0.0.1:0\nmodule = app:app\n");
        try (RunningServer server = RunningServer.start(directory, "a.ini")) {
            assertThat(server.get("/").body()).isEqualTo("hello");
            assertThat(server.log())
                    .contains("a.ini:3: --chmod-socket 999: ", "b.ini is used instead, as fallback-config says");
        }
    }

    @Test
    void servesAPositionalIniUnderTheNameOfUwsgi() throws Exception {
        Apps.write(directory, Apps.PATHS);
        ini("foo.ini", "http = 127.0.0.1:0\nmodule = app:app\nmaster = true\nshow-config = true\n");
        try (RunningServer server = uwsgi("foo.ini")) {
            assertThat(server.get("/").body()).isEqualTo("hello");
            assertThat(server.log()).contains("module = app:app");
        }
    }
}
