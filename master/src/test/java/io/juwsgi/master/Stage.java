package io.juwsgi.master;

import io.juwsgi.spi.LogSink;
import io.juwsgi.spi.worker.ZygoteCommand;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A master with a fake zygote, a router that only listens, and a log, for one test. */
final class Stage implements AutoCloseable {
    static final Timings SHORT = new Timings(
            Duration.ofSeconds(60),
            Duration.ofMillis(40),
            Duration.ofMillis(100),
            Duration.ofMillis(300),
            Duration.ofSeconds(5),
            Duration.ofMillis(200),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofMillis(250),
            Duration.ofMillis(20),
            Duration.ofSeconds(2));

    final LogLines log = new LogLines();
    final RecordingRouter router = new RecordingRouter();
    final RuntimeDirectory directory;
    /** What the next zygotes do, as JSON members; the last one stays. */
    final Deque<String> boots = new ArrayDeque<>();

    LogSink sink = log;
    Timings timings = SHORT;
    volatile int processes = 2;
    Duration mercy = Duration.ofSeconds(30);
    boolean lazy;
    boolean needApp;
    /** Whether the configuration was read again. */
    volatile boolean anew;

    Recycling recycling = Recycling.NONE;
    Elastic elastic;
    List<TouchWatch.Trigger> triggers = List.of();
    ControlOptions.Control control = ControlOptions.Control.NONE;
    CompletionStage<?> stopHook = CompletableFuture.completedFuture(null);
    private Master master;

    Stage(Path temporary) {
        directory = RuntimeDirectory.createIn(List.of(temporary), log);
        boots.add("");
    }

    /** Says what the following zygotes do. */
    Stage boots(String... members) {
        boots.clear();
        boots.addAll(List.of(members));
        return this;
    }

    Master master() {
        if (master == null) {
            master = new Master(plan(), timings, sink, directory, this::blueprint, () -> stopHook);
            master.workers().listen(router);
        }
        return master;
    }

    Master start() {
        master().start();
        return master();
    }

    /** Starts and waits until every worker is ready. */
    Master serve() throws Exception {
        start();
        router.await("READY", 0, processes);
        return master;
    }

    private ProcessPlan plan() {
        return new ProcessPlan(
                processes,
                3,
                mercy,
                lazy,
                needApp,
                control,
                recycling,
                triggers,
                elastic == null ? Elastic.fixed(processes) : elastic);
    }

    /** What a test changes after the start counts from the next reload on. */
    private Blueprint blueprint(boolean readAgain) {
        anew |= readAgain;
        return new Blueprint(plan(), command(), () -> {});
    }

    private synchronized Optional<ZygoteCommand> command() {
        String members = boots.size() > 1 ? boots.removeFirst() : boots.getFirst();
        if (members.equals("nothing")) {
            return Optional.empty();
        }
        String json = "{\"control\": \"" + directory.runtime().controlSocket() + "\", \"directory\": \""
                + directory.runtime().directory() + "\"" + (members.isEmpty() ? "" : ", " + members) + "}";
        return Optional.of(new ZygoteCommand(
                List.of(python(), "-I", "-S", script().toString()),
                Map.of("FAKE", "yes"),
                Path.of(".").toAbsolutePath(),
                ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)),
                "a fake zygote"));
    }

    static Path script() {
        return Path.of("src/test/python/fake_zygote.py").toAbsolutePath();
    }

    /** The distribution's interpreter starts faster than a version manager's. */
    static String python() {
        return Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3" : "python3";
    }

    BootResult booted() throws Exception {
        return master.booted().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    int exit() throws Exception {
        return master.exit().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** Returns the process id of the zygote, which is the parent of any worker. */
    static ProcessHandle zygoteOf(long worker) {
        return ProcessHandle.of(worker).flatMap(ProcessHandle::parent).orElseThrow();
    }

    static void signal(String name, long pid) throws IOException, InterruptedException {
        int result = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .start()
                .waitFor();
        if (result != 0) {
            throw new IOException("kill -" + name + " " + pid + ": " + result);
        }
    }

    static void awaitEnd(long pid) throws Exception {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isPresent()) {
            process.get().onExit().get(30, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() throws Exception {
        if (master != null && !boots.isEmpty()) {
            master.stop(StopMode.NOW);
            exit();
        }
    }
}
