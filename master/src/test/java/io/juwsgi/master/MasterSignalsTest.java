package io.juwsgi.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A master in a Java process of its own, so that it can be sent any signal. */
@Timeout(120)
class MasterSignalsTest {
    private static final Pattern SPAWNED = Pattern.compile("spawned uWSGI worker \\d \\(pid: (\\d+), cores: 3\\)");

    @TempDir
    Path temporary;

    private Process server;
    private BufferedReader output;
    private final List<String> lines = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        // The JVM takes no signal that is ignored when it starts, as all of nohup's children find SIGHUP.
        server = new ProcessBuilder(
                        "env",
                        "--default-signal",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerMain.class.getName(),
                        temporary.toString())
                .redirectErrorStream(true)
                .start();
        output = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
    }

    @AfterEach
    void end() throws Exception {
        server.destroyForcibly().waitFor();
    }

    /** Reads until a line contains {@code part}; its end is the test's timeout. */
    private String await(String part) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
            if (line.contains(part)) {
                return line;
            }
        }
        throw new IOException("'" + part + "' not in:\n" + String.join("\n", lines));
    }

    private List<Long> awaitWorkers() throws IOException {
        await("SERVING");
        List<Long> pids = new ArrayList<>();
        for (String line : lines) {
            Matcher matcher = SPAWNED.matcher(line);
            if (matcher.find()) {
                pids.add(Long.valueOf(matcher.group(1)));
            }
        }
        return pids;
    }

    private void signal(String name) throws Exception {
        Stage.signal(name, server.pid());
    }

    private void awaitExit(int code) throws Exception {
        assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(server.exitValue()).isEqualTo(code);
    }

    @Test
    void termDrainsAndExitsWith0() throws Exception {
        awaitWorkers();
        signal("TERM");
        await("SIGINT/SIGTERM received...killing workers...");
        await("goodbye to juwsgi.");
        awaitExit(0);
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void intStops() throws Exception {
        awaitWorkers();
        signal("INT");
        await("goodbye to juwsgi.");
        awaitExit(0);
    }

    @Test
    void hupReloadsAndUsr1TellsStatistics() throws Exception {
        awaitWorkers();
        signal("HUP");
        await("generation 1 is ready");
        await("...gracefully killing workers...");
        signal("USR1");
        await("*** statistics: pid=" + server.pid() + " generation=1");
        signal("TERM");
        await("goodbye to juwsgi.");
        awaitExit(0);
    }

    @Test
    void noProcessOutlivesAServerThatIsKilled() throws Exception {
        List<Long> workers = awaitWorkers();
        assertThat(workers).isNotEmpty();
        long zygote = Stage.zygoteOf(workers.getFirst()).pid();
        signal("KILL");
        Stage.awaitEnd(zygote);
        for (long worker : workers) {
            Stage.awaitEnd(worker);
        }
        assertThat(temporary).isNotEmptyDirectory();
        server.waitFor();
        LogLines log = new LogLines();
        RuntimeDirectory.createIn(List.of(temporary), log).remove();
        log.await("removed what a killed server left: ");
        assertThat(temporary).isEmptyDirectory();
    }
}
