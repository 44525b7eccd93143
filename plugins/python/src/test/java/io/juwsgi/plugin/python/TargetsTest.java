package io.juwsgi.plugin.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which applications are loaded: the named ones, else what lies in the working directory. */
final class TargetsTest {
    @TempDir
    private Path directory;

    private final Configured configured = new Configured();

    @Test
    void aModuleWithItsCallable() {
        configured.with(PythonOptions.MODULE, "pkg.mod:make()").with(PythonOptions.CALLABLE, "app");

        assertNamed(new Target("", "pkg.mod:make()", null, "app"));
    }

    @Test
    void aFileGoesBeforeAModule() throws IOException {
        file("site/app.py");
        configured.with(PythonOptions.MODULE, "pkg").with(PythonOptions.WSGI_FILE, "site/app.py");

        assertNamed(new Target("", null, "site/app.py", null));
    }

    @Test
    void aNamedFileMustExist() throws IOException {
        configured.with(PythonOptions.WSGI_FILE, "gone.py");
        assertThatThrownBy(this::targets)
                .isInstanceOf(ConfigException.class)
                .hasMessage("wsgi-file: " + directory.resolve("gone.py") + " does not exist");

        Files.createDirectory(directory.resolve("gone.py"));
        assertThatThrownBy(this::targets)
                .isInstanceOf(ConfigException.class)
                .hasMessage("wsgi-file: " + directory.resolve("gone.py") + " is not a regular file");
    }

    @Test
    void mountsAreModulesOrFiles() throws IOException {
        file("b.py");
        configured
                .with(PythonOptions.MODULE, "root")
                .with(PythonOptions.MOUNT, "/a=pkg.mod:app")
                .with(PythonOptions.MOUNT, "/b/ = b.py:make()")
                .with(PythonOptions.MOUNT, "/=other");

        assertNamed(
                new Target("", "root", null, null),
                new Target("/a", "pkg.mod:app", null, null),
                new Target("/b", null, "b.py", "make()"),
                new Target("", "other", null, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "a=b", "=b", "/a=", "/a= "})
    void saysHowAMountIsWritten(String value) {
        configured.with(PythonOptions.MOUNT, value);

        assertThatThrownBy(this::targets)
                .isInstanceOf(ConfigException.class)
                .hasMessage("command line: mount: " + value + " (expected: /path=module:callable or /path=file.py)");
    }

    @Test
    void aMountedFileMustExist() {
        configured.with(PythonOptions.MOUNT, "/a=gone.py:app");

        assertThatThrownBy(this::targets)
                .isInstanceOf(ConfigException.class)
                .hasMessage("mount: " + directory.resolve("gone.py") + " does not exist");
    }

    @Test
    void findsTheUsualFilesInOrder() throws IOException {
        file("manage.py");
        file("mysite/wsgi.py");
        assertFound(new Target("", "mysite.wsgi", null, null));
        file("main.py");
        assertFound(new Target("", null, "main.py", null));
        file("wsgi.py");
        assertFound(new Target("", null, "wsgi.py", null));
        file("app.py");
        assertFound(new Target("", null, "app.py", null));
    }

    @Test
    void aCallableThatIsNamedIsNotSearchedFor() throws IOException {
        file("app.py");
        configured.with(PythonOptions.CALLABLE, "create()");

        assertNamed(new Target("", null, "app.py", "create()"));
    }

    @Test
    void findsNoDjangoProjectWithoutManagePy() throws IOException {
        file("mysite/wsgi.py");
        assertThat(targets().targets()).isEmpty();
        file("manage.py");
        assertFound(new Target("", "mysite.wsgi", null, null));
    }

    @Test
    void looksForNothingWhereTheServerPassesRequestsOn() throws IOException {
        file("app.py");
        assertThat(Targets.of(configured.settings(), directory, false).targets())
                .isEmpty();
        configured.with(PythonOptions.MODULE, "shop.wsgi");
        assertThat(Targets.of(configured.settings(), directory, false).targets())
                .containsExactly(new Target("", "shop.wsgi", null, null));
    }

    @Test
    void describesWhatIsLoaded() {
        assertThat(new Target("", "pkg:app", null, null).description()).isEqualTo("module pkg:app");
        assertThat(new Target("/a", null, "a.py", "app").description()).isEqualTo("file a.py, callable app at /a");
    }

    private void assertNamed(Target... expected) {
        assertThat(targets().targets()).containsExactly(expected);
        assertThat(targets().found()).isFalse();
    }

    private void assertFound(Target expected) {
        assertThat(targets()).isEqualTo(new Targets(java.util.List.of(expected), true));
    }

    private Targets targets() {
        return Targets.of(configured.settings(), directory, true);
    }

    private void file(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.createFile(file);
    }
}
