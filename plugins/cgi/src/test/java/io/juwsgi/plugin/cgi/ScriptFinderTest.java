package io.juwsgi.plugin.cgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.plugin.cgi.ScriptFinder.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptFinderTest {
    @TempDir
    Path directory;

    private Path root;

    @BeforeEach
    void scripts() throws Exception {
        root = directory.toRealPath().resolve("scripts");
        Files.createDirectories(root.resolve("sub"));
        Files.createDirectories(directory.resolve("scripts-private"));
        for (String name :
                List.of("scripts/a.cgi", "scripts/sub/b.pl", "scripts/.hidden", "scripts-private/secret.cgi")) {
            Path file = Files.writeString(directory.resolve(name), "");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.writeString(root.resolve("plain.txt"), "");
        Files.createSymbolicLink(root.resolve("out.cgi"), directory.resolve("scripts-private/secret.cgi"));
        Files.createSymbolicLink(root.resolve("in.cgi"), root.resolve("a.cgi"));
        Files.createSymbolicLink(root.resolve("outdir"), directory.resolve("scripts-private"));
    }

    private ScriptFinder finder(List<String> extensions, List<Path> safe, boolean splits) {
        return new ScriptFinder(new CgiSettings(
                List.of(new CgiSettings.Mount("/cgi-bin", root), new CgiSettings.Mount("/one", root.resolve("a.cgi"))),
                Map.of(".pl", "perl"),
                List.of("b.pl"),
                extensions,
                Set.of(),
                safe,
                Duration.ofSeconds(1),
                Duration.ZERO,
                1000,
                1,
                splits,
                List.of()));
    }

    private Result find(String path) {
        return finder(List.of(), List.of(), true).find(path);
    }

    @Test
    void splitsThePathBehindTheScript() {
        assertThat(find("/cgi-bin/a.cgi/more/x"))
                .isEqualTo(new Result.Found(new Script(root.resolve("a.cgi"), "/cgi-bin/a.cgi", "/more/x", root)));
        assertThat(find("/cgi-bin/sub/b.pl"))
                .isEqualTo(new Result.Found(new Script(root.resolve("sub/b.pl"), "/cgi-bin/sub/b.pl", "", root)));
        assertThat(finder(List.of(), List.of(), false).find("/cgi-bin/a.cgi/more"))
                .isEqualTo(new Result.Missing());
    }

    @Test
    void aFileAsMountAnswersForEverythingBelow() {
        assertThat(find("/one/x/y"))
                .isEqualTo(new Result.Found(new Script(root.resolve("a.cgi"), "/one", "/x/y", root)));
        assertThat(find("/one")).isEqualTo(new Result.Found(new Script(root.resolve("a.cgi"), "/one", "", root)));
    }

    @Test
    void aDirectoryIsAnsweredByItsIndex() {
        assertThat(find("/cgi-bin/sub/"))
                .isEqualTo(new Result.Found(new Script(root.resolve("sub/b.pl"), "/cgi-bin/sub/b.pl", "", root)));
        assertThat(find("/cgi-bin/sub")).isEqualTo(new Result.ToSlash());
        assertThat(find("/cgi-bin/")).isInstanceOf(Result.Forbidden.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/cgi-binary/a.cgi",
                "/cgi-bin-private/secret.cgi",
                "/cgi-bin/../scripts-private/secret.cgi",
                "/cgi-bin/sub/../a.cgi",
                "/cgi-bin/..",
                "/cgi-bin//a.cgi",
                "/cgi-bin/./a.cgi",
                "/cgi-bin/.hidden",
                "/cgi-bin/a.cgi\0.txt",
                "/cgi-bin/..\\a.cgi",
                "/cgi-bin/\u00c0\u00ae\u00c0\u00ae/scripts-private/secret.cgi",
                "/cgi-bin/nothing"
            })
    void nothingElseIsThere(String path) {
        assertThat(find(path)).isEqualTo(new Result.Missing());
    }

    @Test
    void linksLeadOnlyToWhereScriptsMayBe() {
        assertThat(find("/cgi-bin/in.cgi")).isInstanceOf(Result.Found.class);
        assertThat(find("/cgi-bin/out.cgi")).isInstanceOf(Result.Forbidden.class);
        assertThat(find("/cgi-bin/outdir/secret.cgi")).isInstanceOf(Result.Forbidden.class);
        Path safe = root.resolveSibling("scripts-private");
        assertThat(finder(List.of(), List.of(safe), true).find("/cgi-bin/out.cgi"))
                .isInstanceOf(Result.Found.class);
    }

    @Test
    void onlyExecutableFilesOfAllowedExtensionsAreRun() {
        assertThat(find("/cgi-bin/plain.txt")).isInstanceOf(Result.Forbidden.class);
        ScriptFinder strict = finder(List.of(".pl"), List.of(), true);
        assertThat(strict.find("/cgi-bin/a.cgi")).isInstanceOf(Result.Forbidden.class);
        assertThat(strict.find("/cgi-bin/sub/b.pl")).isInstanceOf(Result.Found.class);
    }
}
