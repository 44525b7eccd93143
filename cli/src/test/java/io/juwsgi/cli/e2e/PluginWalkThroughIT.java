package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ten minutes of docs/plugins.md, as they are printed. Around them are scripts in place of three programs: the build goes
 * to a repository of the test's own, the server takes a free port, and curl asks there.
 */
class PluginWalkThroughIT {
    private static final Pattern BLOCK =
            Pattern.compile("## Ten minutes\n.*?```sh\n(.*?)```\n.*?prints `([^`]*)`", Pattern.DOTALL);

    @TempDir
    Path directory;

    private void program(String name, String text) throws Exception {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void itWorksAsPrinted() throws Exception {
        Matcher printed = BLOCK.matcher(Files.readString(RunningServer.ROOT.resolve("docs/plugins.md")));
        assertThat(printed.find()).isTrue();
        Path repository = InstalledRepository.in(directory);
        program(
                "mvnw",
                "case \"$*\" in *install*) exit 0;; esac\nexec " + RunningServer.ROOT
                        + "/mvnw --offline -Dmaven.repo.local=" + repository + " \"$@\"\n");
        program("juwsgi", """
                for argument; do
                  shift
                  [ "$argument" != :8000 ] || argument=127.0.0.1:0
                  set -- "$@" "$argument"
                done
                case $1 in --http) echo $$ >pid; exec %s/juwsgi "$@" >log 2>&1;; esac
                exec %s/juwsgi "$@"
                """.formatted(RunningServer.ROOT, RunningServer.ROOT));
        program("bin/curl", """
                for _ in $(seq 600); do
                  address=$(sed -n 's,.*http bound on \\(http://[^ ]*\\).*,\\1,p' log 2>/dev/null)
                  [ -z "$address" ] || break
                  sleep 0.1
                done
                for argument; do
                  shift
                  set -- "$@" "$(echo "$argument" | sed "s,http://127.0.0.1:8000,$address,")"
                done
                exec /usr/bin/curl "$@"
                """);
        try {
            assertThat(run(printed.group(1)).strip()).endsWith(printed.group(2));
        } finally {
            stop();
        }
    }

    private String run(String script) throws Exception {
        Path output = directory.resolve("output");
        ProcessBuilder shell = new ProcessBuilder("sh", "-e", "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        shell.environment().merge("PATH", directory.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        shell.environment().keySet().removeIf(name -> name.startsWith("UWSGI_") || name.startsWith("JUWSGI_"));
        Process process = shell.start();
        assertThat(process.waitFor(170, TimeUnit.SECONDS))
                .as(Files.readString(output))
                .isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        return Files.readString(output);
    }

    private void stop() throws Exception {
        if (Files.exists(directory.resolve("pid"))) {
            long pid = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
            Optional<ProcessHandle> server = ProcessHandle.of(pid);
            server.ifPresent(ProcessHandle::destroy);
            if (server.isPresent()) {
                server.get().onExit().get(60, TimeUnit.SECONDS);
            }
        }
    }
}
