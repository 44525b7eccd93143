package io.juwsgi.plugin.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which interpreter is chosen, and what is said when there is none. */
final class InterpreterTest {
    @TempDir
    private Path directory;

    @Test
    void theVirtualEnvironmentComesFirst() throws IOException {
        Path program = program("venv/bin/python");
        Settings settings = new Configured()
                .with(PythonOptions.PYTHON, "python3")
                .with(PythonOptions.VIRTUALENV, "venv")
                .settings();

        Interpreter interpreter = Interpreter.choose(settings, directory, "/usr/bin");

        assertThat(interpreter).isEqualTo(new Interpreter(program, "virtualenv"));
    }

    @Test
    void aVirtualEnvironmentMayOnlyHavePython3() throws IOException {
        Path program = program("venv/bin/python3");
        Settings settings = new Configured()
                .with(PythonOptions.VIRTUALENV, directory.resolve("venv").toString())
                .settings();

        assertThat(Interpreter.choose(settings, Path.of("/"), null).program()).isEqualTo(program);
    }

    @Test
    void thenTheNamedOneByPathOrInPath() throws IOException {
        Path program = program("bin/python3.99");

        assertThat(choose(PythonOptions.PYTHON, "bin/python3.99", null))
                .isEqualTo(new Interpreter(program, "--python"));
        assertThat(choose(PythonOptions.PYTHON, "python3.99", "/nowhere:" + program.getParent()))
                .isEqualTo(new Interpreter(program, "--python"));
    }

    @Test
    void thenTheFirstPython3InPath() throws IOException {
        Files.createDirectories(directory.resolve("a/python3"));
        Files.createDirectories(directory.resolve("b"));
        Files.createFile(directory.resolve("b/python3"));
        Path program = program("c/python3");
        program("d/python3");
        String path = String.join(
                ":",
                "",
                directory.resolve("a").toString(),
                directory.resolve("b").toString(),
                directory.resolve("c").toString(),
                directory.resolve("d").toString());

        assertThat(Interpreter.choose(new Configured().settings(), directory, path))
                .isEqualTo(new Interpreter(program, "the first python3 in PATH"));
    }

    @Test
    void saysWhatIsWrongWithAVirtualEnvironment() throws IOException {
        Files.createDirectories(directory.resolve("empty"));

        assertThatThrownBy(() -> choose(PythonOptions.VIRTUALENV, "empty", "/usr/bin"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("virtualenv: " + directory.resolve("empty")
                        + " has no program bin/python (expected: a virtual environment)");
        assertThatThrownBy(() -> choose(PythonOptions.VIRTUALENV, "gone", "/usr/bin"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("virtualenv: " + directory.resolve("gone")
                        + " is not a directory (expected: a virtual environment)");
    }

    @Test
    void saysWhatIsWrongWithANamedInterpreter() throws IOException {
        Files.createFile(directory.resolve("text"));

        assertThatThrownBy(() -> choose(PythonOptions.PYTHON, "./gone", null))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("gone does not exist");
        assertThatThrownBy(() -> choose(PythonOptions.PYTHON, "./text", null))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("text is not a program that can be run");
        assertThatThrownBy(() -> choose(PythonOptions.PYTHON, "python4", "/nowhere"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("python: no program python4 in PATH");
    }

    @Test
    void saysWhatToDoWithoutAnyInterpreter() {
        assertThatThrownBy(() -> Interpreter.choose(new Configured().settings(), directory, null))
                .isInstanceOf(ConfigException.class)
                .hasMessage("python: there is no python3 in PATH: install Python 3, or name it with --python or"
                        + " --virtualenv");
    }

    private Interpreter choose(io.juwsgi.config.Option<?> option, String value, String path) {
        return Interpreter.choose(new Configured().with(option, value).settings(), directory, path);
    }

    private Path program(String name) throws IOException {
        Path program = directory.resolve(name);
        Files.createDirectories(program.getParent());
        Files.createFile(program);
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }
}
