package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As whom, where and how application processes run. */
class EnvironmentIT {
    @TempDir
    Path directory;

    @BeforeEach
    void anApplication() throws Exception {
        // Whoever the application runs as must be able to read it.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Apps.write(directory, """
                import os
                def app(environ, start_response):
                    mask = os.umask(0)
                    os.umask(mask)
                    facts = {'root': sorted(os.listdir('/'))} if not os.path.exists('/proc/self') else {}
                    if not facts:
                        with open('/proc/self/comm') as comm:
                            facts = {'comm': comm.read().strip()}
                    facts |= {'ids': (os.getresuid(), os.getresgid(), os.getgroups()), 'umask': oct(mask),
                                 'cwd': os.getcwd(),
                                 'cpus': len(os.sched_getaffinity(0)), 'hook': os.environ.get('FROM_HOOK')}
                    start_response('200 OK', [])
                    return [repr(facts).encode()]
                """);
    }

    @Test
    void theApplicationRunsAsTheUserThatIsNamedAndNeverAsRoot() throws Exception {
        String own = Files.getAttribute(directory, "unix:uid").toString();
        // Only root can become another user; everybody can be asked to stay what they are.
        String uid = own.equals("0") ? "65534" : own;
        String gid = own.equals("0")
                ? "65534"
                : Files.getAttribute(directory, "unix:gid").toString();
        try (RunningServer server =
                serve("--processes", "2", "--uid", uid, "--gid", gid).ready(2)) {
            assertThat(server.get("/").body())
                    .contains(
                            "'ids': ((" + uid + ", " + uid + ", " + uid + "), (" + gid + ", " + gid + ", " + gid + ")");
            int from = server.logSize();
            server.signal("HUP");
            server.awaitWorker(2, from);
            assertThat(server.get("/").body()).contains("'ids': ((" + uid + ", " + uid);
        }
    }

    @Test
    void theApplicationSeesItsRootAlone() throws Exception {
        Path root = Files.createTempDirectory("jail");
        try {
            Files.copy(directory.resolve("app.py"), root.resolve("app.py"));
            try (RunningServer server = serve("--chroot", root.toString())) {
                // Only root may do that; whoever is not learns so at the start.
                if (Files.getAttribute(directory, "unix:uid").equals(0)) {
                    server.ready(1);
                    assertThat(server.get("/").body()).contains("'root': ['app.py', 'juwsgi-", "'cwd': '/'");
                    server.signal("TERM");
                    assertThat(server.exitCode()).isZero();
                } else {
                    assertThat(server.exitCode()).isEqualTo(1);
                    assertThat(server.log()).contains("chroot: [Errno 1] Operation not permitted");
                }
            }
            assertThat(root).isDirectoryNotContaining("glob:**juwsgi-*");
        } finally {
            Files.deleteIfExists(root.resolve("app.py"));
            Files.deleteIfExists(root);
        }
    }

    @Test
    void aUserThatDoesNotExistStopsTheStart() throws Exception {
        try (RunningServer server = serve("--uid", "nobody-of-this-name")) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.log()).contains("uid: nobody-of-this-name: there is no such user");
        }
    }

    @Test
    void umaskDirectoryNameAndProcessorsAreWhatWasAskedFor() throws Exception {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        try (RunningServer server = serve(
                        "--umask", "027", "--chdir2", elsewhere.toString(), "--auto-procname", "--cpu-affinity", "1")
                .ready(1)) {
            assertThat(server.get("/").body())
                    .contains("'umask': '0o27'", "/elsewhere'", "'comm': 'uWSGI worker 1'", "'cpus': 1");
        }
    }

    @Test
    void allProcessesAreNamedForWhatTheyAre() throws Exception {
        try (RunningServer server = serve("--procname-prefix-spaced", "shop", "--procname-master", "gateway")
                .ready(1)) {
            assertThat(server.get("/").body()).contains("'comm': 'shop uWSGI work'");
            Path master = Path.of("/proc/" + server.pid());
            assertThat(Files.readString(master.resolve("cmdline")).strip().replace("\0", ""))
                    .isEqualTo("shop gateway");
            assertThat(Files.readString(master.resolve("comm")).strip()).isEqualTo("shop gateway");
        }
    }

    @Test
    void commandsAndActionsRunAtTheirMoments() throws Exception {
        try (RunningServer server = serve(
                        "--exec-asap",
                        "echo first",
                        "--exec-post-app",
                        "echo loaded",
                        "--hook-post-fork",
                        "putenv:FROM_HOOK=yes",
                        "--hook-master-start",
                        "print:about to fork",
                        "--hook-accepting1",
                        "print:accepting",
                        "--exec-as-user-atexit",
                        "echo last")
                .ready(1)) {
            assertThat(server.get("/").body()).contains("'hook': 'yes'");
            server.awaitLine("accepting");
            server.signal("TERM");
            assertThat(server.exitCode()).isZero();
            List<String> told = server.log()
                    .lines()
                    .filter(List.of("first", "loaded", "about to fork", "accepting", "last")::contains)
                    .toList();
            assertThat(told).containsExactly("first", "loaded", "about to fork", "accepting", "last");
        }
    }

    @Test
    void aCommandThatFailsStopsTheStart() throws Exception {
        try (RunningServer server = serve("--exec-as-user", "exit 7")) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.log()).contains("as-user: exec:exit 7: ", "exit status 7");
        }
    }

    private RunningServer serve(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "--http", "127.0.0.1:0", "--wsgi-file", "app.py", "--callable", "app", "--python", Apps.PYTHON));
        arguments.addAll(List.of(more));
        return RunningServer.start(directory, arguments.toArray(String[]::new));
    }
}
