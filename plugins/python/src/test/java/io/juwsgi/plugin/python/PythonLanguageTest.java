package io.juwsgi.plugin.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.spi.worker.WorkerRuntime;
import io.juwsgi.spi.worker.ZygoteCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that starts a zygote, and what the zygote is told. */
final class PythonLanguageTest {
    @TempDir
    private Path directory;

    private final Configured configured = new Configured();
    private WorkerRuntime runtime;
    private Path site;

    @BeforeEach
    void makeDirectories() throws IOException {
        runtime = new WorkerRuntime(
                Files.createDirectory(directory.resolve("run")), directory.resolve("run/control.sock"));
        site = Files.createDirectory(directory.resolve("site"));
        configured.with(PythonOptions.CHDIR, site.toString());
    }

    @Test
    void servesTheModifiersOfPython() {
        assertThat(new PythonLanguage().modifiers()).isEqualTo(Set.of(0, 30));
        assertThat(new PythonLanguage().name()).isEqualTo("python");
    }

    @Test
    void thereIsNothingToStartWithoutAnApplication() {
        assertThat(zygote()).isEmpty();
        assertThat(runtime.directory().resolve("python")).doesNotExist();
    }

    @Test
    void theCommandRunsTheInterpreterInTheApplicationsDirectory() throws Exception {
        Files.createFile(site.resolve("app.py"));

        ZygoteCommand command = zygote().orElseThrow();

        assertThat(command.directory()).isEqualTo(site);
        assertThat(command.argv().getFirst()).endsWith("/python3");
        assertThat(command.description())
                .isEqualTo(command.argv().getFirst()
                        + " (the first python3 in PATH), file app.py (found in the working directory)");
        assertThat(zygote().orElseThrow().argv())
                .as("a reload uses what is unpacked")
                .isEqualTo(command.argv());
    }

    @Test
    void theShippedPackageIsTheWholeOneAndOnlyItsOwnersToRead() throws Exception {
        configured.with(PythonOptions.MODULE, "pkg");

        Path script = Path.of(zygote().orElseThrow().argv().get(1));

        Path home = script.getParent();
        assertThat(home).isEqualTo(runtime.directory().resolve("python/juwsgi_worker"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.getParent())))
                .isEqualTo("rwx------");
        assertThat(names(home)).isEqualTo(names(Path.of("src/main/python/juwsgi_worker")));
        assertThat(names(home)).isEqualTo(WorkerPackage.FILES);
        assertThat(home.resolve("core.py")).hasSameTextualContentAs(Path.of("src/main/python/juwsgi_worker/core.py"));
    }

    @Test
    void theZygoteIsToldEverySetting() throws Exception {
        Files.createFile(site.resolve("b.py"));
        configured
                .with(PythonOptions.MODULE, "pkg:app")
                .with(PythonOptions.MOUNT, "/b=b.py")
                .with(PythonOptions.MANAGE_SCRIPT_NAME, "")
                .with(PythonOptions.PYTHONPATH, "/one")
                .with(PythonOptions.PYTHONPATH, "two")
                .with(PythonOptions.PYARGV, " a  b ")
                .with(PythonOptions.ENV, "GREETING=grüß=dich")
                .with(PythonOptions.ENV, "EMPTY=")
                .with(Option.integer("threads", 1), "3")
                .with(Option.integer("processes", 1), "2")
                .with(Option.integer("processes", 1), "4")
                .with(Option.flag("lazy-apps"), "")
                .with(Option.flag("need-app"), "false");

        String run = runtime.directory().toString();
        assertThat(pythonReads(zygote().orElseThrow()))
                .isEqualTo("{'control': '" + run + "/control.sock', 'directory': '" + run + "', 'calls': '" + run
                        + "/calls.sock', 'threads': 3, "
                        + "'processes': 4, 'apps': [{'mountpoint': '', 'module': 'pkg:app', 'file': None, "
                        + "'callable': None}, {'mountpoint': '/b', 'module': None, 'file': 'b.py', 'callable': None}], "
                        + "'found': False, 'chdir': '" + site + "', 'virtualenv': None, "
                        + "'pythonpath': ['/one', 'two'], 'argv': ['a', 'b'], "
                        + "'env': [['GREETING', 'grüß=dich'], ['EMPTY', '']], 'need_app': False, 'lazy': True, "
                        + "'manage_script_name': True, 'catch_exceptions': False, 'max_requests': 0, 'process': {'auto_procname': False, 'hooks': []}, "
                        + "'uwsgi': {'buffer_size': 4096, 'opt': []}}");
    }

    @Test
    void theInterpreterGetsItsFlags() throws IOException {
        configured
                .with(PythonOptions.MODULE, "pkg")
                .with(PythonOptions.OPTIMIZE, "2")
                .with(PythonOptions.NO_SITE, "");
        List<String> argv = zygote().orElseThrow().argv();
        assertThat(argv.subList(1, argv.size() - 1)).containsExactly("-OO", "-S");

        configured.with(PythonOptions.OPTIMIZE, "3");
        assertThatThrownBy(this::zygote)
                .isInstanceOf(ConfigException.class)
                .hasMessage("optimize: 3 (expected: 0, 1 or 2)");
    }

    @Test
    void saysWhatIsWrongWithTheDirectory() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        configured.with(PythonOptions.CHDIR, directory.resolve("gone").toString());
        assertThatThrownBy(this::zygote)
                .isInstanceOf(ConfigException.class)
                .hasMessage("chdir: " + directory.resolve("gone") + " does not exist");
        configured.with(PythonOptions.CHDIR, file.toString());
        assertThatThrownBy(this::zygote)
                .isInstanceOf(ConfigException.class)
                .hasMessage("chdir: " + file + " is not a directory");
    }

    @Test
    void saysHowAVariableIsWritten() {
        configured.with(PythonOptions.MODULE, "pkg").with(PythonOptions.ENV, "=value");

        assertThatThrownBy(this::zygote)
                .isInstanceOf(ConfigException.class)
                .hasMessage("command line: env: =value (expected: NAME=VALUE)");
    }

    private Optional<ZygoteCommand> zygote() {
        return new PythonLanguage().zygote(configured.settings(), runtime);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".py"))
                    .sorted()
                    .toList();
        }
    }

    private static String pythonReads(ZygoteCommand command) throws IOException, InterruptedException {
        String script = "import marshal, sys; sys.stdout.reconfigure(encoding='utf-8');"
                + " print(marshal.loads(sys.stdin.buffer.read()), end='')";
        Process python = new ProcessBuilder(command.argv().getFirst(), "-c", script)
                .redirectErrorStream(true)
                .start();
        try (var in = python.getOutputStream()) {
            in.write(
                    command.boot().array(),
                    command.boot().position(),
                    command.boot().remaining());
        }
        String output = new String(python.getInputStream().readAllBytes(), UTF_8);
        assertThat(python.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
