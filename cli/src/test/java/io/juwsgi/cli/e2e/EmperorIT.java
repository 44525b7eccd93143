package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An emperor with real vassals, each a whole server. */
class EmperorIT {
    private static final Pattern BOUND = Pattern.compile("http bound on (http://\\S+)");

    @TempDir
    Path directory;

    private Path vassals;

    @BeforeEach
    void anApplication() throws Exception {
        vassals = Files.createDirectory(directory.resolve("vassals"));
        Apps.write(directory, """
                import os
                def app(environ, start_response):
                    start_response('200 OK', [])
                    return [os.environ.get('NAME', '?').encode()]
                """);
    }

    private void vassal(String file, String text) throws Exception {
        Path made = Files.writeString(directory.resolve("new"), text);
        Files.move(made, vassals.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }

    private String ini(String more) {
        return """
                [uwsgi]
                http = 127.0.0.1:0
                wsgi-file = %s/app.py
                callable = app
                python = %s
                %s
                """.formatted(directory, Apps.PYTHON, more);
    }

    private RunningServer emperor(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("--emperor", vassals.toString(), "--emperor-freq", "1", "--vassal-heap", "64m"));
        arguments.addAll(List.of(more));
        return RunningServer.start(directory, arguments.toArray(String[]::new));
    }

    /** Waits until a vassal serves, and returns what it answers. */
    private static String answer(RunningServer emperor, String vassal, int from) throws Exception {
        String tag = "[vassal " + vassal + "] ";
        String line =
                emperor.awaitLine(l -> l.startsWith(tag) && BOUND.matcher(l).find(), from);
        Matcher bound = BOUND.matcher(line);
        assertThat(bound.find()).isTrue();
        emperor.awaitLine(l -> l.contains("vassal " + vassal + " is ready to accept requests"), from);
        HttpRequest request = HttpRequest.newBuilder(URI.create(bound.group(1)))
                .timeout(Duration.ofSeconds(60))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Test
    void runsServesChangesAndStopsVassals() throws Exception {
        Path common = Files.writeString(directory.resolve("common.ini"), "[uwsgi]\nenv = NAME=%N of %(tier)\n");
        vassal("one.ini", ini("stats = " + directory.resolve("%n.stats")));
        try (RunningServer emperor = emperor("--vassal-set", "tier=all", "--vassals-include", common.toString())) {
            assertThat(answer(emperor, "one.ini", 0)).isEqualTo("one of all");
            int from = emperor.logSize();
            Files.writeString(common, "[uwsgi]\nenv = NAME=another\n");
            vassal("one.ini", ini("threads = 2"));
            assertThat(answer(emperor, "one.ini", from)).isEqualTo("another");
            from = emperor.logSize();
            vassal("broken.ini", ini("strict = true\nno-such-option = 1"));
            emperor.awaitLine(l -> l.contains("vassal broken.ini") && l.contains("blacklisted for"), from);
            Files.delete(vassals.resolve("one.ini"));
            emperor.awaitLine(l -> l.startsWith("[vassal one.ini] goodbye to juwsgi."), from);
            emperor.signal("INT");
            assertThat(emperor.exitCode()).isZero();
        }
    }

    @Test
    void obeysItsMasterFifo() throws Exception {
        Path fifo = directory.resolve("fifo");
        try (RunningServer emperor = emperor("--emperor-freq", "3600", "--master-fifo", fifo.toString())) {
            emperor.awaitLine("*** Starting juwsgi");
            while (!Files.exists(fifo)) {
                Thread.onSpinWait();
            }
            vassal("one.ini", ini("env = NAME=late"));
            Files.writeString(fifo, "E");
            assertThat(answer(emperor, "one.ini", 0)).isEqualTo("late");
            Files.writeString(fifo, "s?r");
            emperor.awaitLine("[emperor] vassal " + vassals.resolve("one.ini") + " state=READY");
            emperor.awaitLine("[emperor] master-fifo: command 0x3f does nothing here");
            emperor.awaitLine("[vassal one.ini] generation 1 is ready");
            Files.writeString(fifo, "q");
            assertThat(emperor.exitCode()).isZero();
            assertThat(fifo).doesNotExist();
        }
    }

    @Test
    void noVassalOutlivesAnEmperorThatIsKilled() throws Exception {
        vassal("one.ini", ini(""));
        try (RunningServer emperor = emperor()) {
            answer(emperor, "one.ini", 0);
            String line = emperor.awaitLine("vassal one.ini is starting (pid: ");
            long pid = Long.parseLong(line.replaceAll(".*\\(pid: (\\d+)\\)", "$1"));
            ProcessHandle vassal = ProcessHandle.of(pid).orElseThrow();
            emperor.signal("KILL");
            vassal.onExit().get(60, TimeUnit.SECONDS);
        }
    }
}
