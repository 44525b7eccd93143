package io.juwsgi.master;

import io.juwsgi.protocol.link.FrameType;
import io.juwsgi.spi.LogSink;
import io.juwsgi.spi.worker.ZygoteCommand;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A zygote: its process, its control connection and what it prints.
 *
 * <p>Mutable; owned by the master's thread. Other threads write its standard input, copy its output and wait for its end.
 */
final class Zygote {
    private static final Set<String> OWN =
            Set.of("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "WATCHDOG_USEC", "WATCHDOG_PID", "JUWSGI_UPGRADE");

    private final LogSink log;
    private final Consumer<MasterEvent> events;
    private final Deadline deadline = new Deadline();
    private @Nullable Process process;
    private @Nullable ControlConnection connection;
    private boolean booted;
    private boolean quitting;
    private boolean disconnected;
    private boolean ended;
    private boolean outputEnded;
    private @Nullable ExitStatus exit;

    Zygote(LogSink log, Consumer<MasterEvent> events) {
        this.log = log;
        this.events = events;
    }

    /** Starts the process. */
    void start(ZygoteCommand command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command.argv())
                .directory(command.directory().toFile())
                .redirectErrorStream(true);
        // These speak of this process: a library in the application must not take them for its own.
        builder.environment().keySet().removeAll(OWN);
        builder.environment().putAll(command.environment());
        Process started = builder.start();
        process = started;
        InputStream output = output(started);
        daemon("juwsgi-boot", () -> writeBoot(started, command.boot().duplicate()));
        daemon("juwsgi-output", new OutputPump(output, log, () -> events.accept(new MasterEvent.OutputEnded(this))));
        var _ = started.onExit()
                .thenAccept(p -> events.accept(new MasterEvent.ZygoteEnded(this, ExitStatus.ofProcess(p.exitValue()))));
    }

    /** Takes note that there is no process to wait for. */
    void failedToStart() {
        exit = ExitStatus.UNKNOWN;
        ended = true;
        outputEnded = true;
    }

    /**
     * Opens the reading end of the process's output. When the process ends the JDK drains and closes the end that it
     * hands out, although workers of a zygote that died may still print, and would get EPIPE: so Linux is asked for
     * another one.
     */
    private static InputStream output(Process process) throws IOException {
        try {
            InputStream own = new FileInputStream("/proc/" + process.pid() + "/fd/1");
            process.getInputStream().close();
            return own;
        } catch (IOException endedOrNoProc) {
            return process.getInputStream();
        }
    }

    /** A zygote that does not read must not hold up the master: this has a thread of its own. */
    private static void writeBoot(Process process, ByteBuffer boot) {
        try (OutputStream input = process.getOutputStream();
                WritableByteChannel channel = Channels.newChannel(input)) {
            while (boot.hasRemaining()) {
                channel.write(boot);
            }
        } catch (IOException endedBeforeItRead) {
            // Its end is reported, with the reason in its output.
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread.ofPlatform().name(name).daemon().start(work);
    }

    /** Returns whether a process that says it is a zygote, with this id, is this one or was started by it. */
    boolean isProcess(long pid) {
        Process own = process;
        if (own == null || ended || connection != null || disconnected) {
            return false;
        }
        if (own.pid() == pid) {
            return true;
        }
        // A wrapper script that does not exec has the interpreter as its child.
        ProcessHandle candidate = ProcessHandle.of(pid).orElse(null);
        while (candidate != null && candidate.pid() != own.pid()) {
            candidate = candidate.parent().orElse(null);
        }
        return candidate != null;
    }

    void connected(ControlConnection from) {
        connection = from;
    }

    boolean isConnectedBy(ControlConnection from) {
        return connection == from;
    }

    /** Takes note of the end of a control connection; a zygote that lost its own must leave. */
    void connectionEnded(ControlConnection from, Timings timings, long now) {
        if (connection == from) {
            connection = null;
            disconnected = true;
            quitting = true;
            deadline.atMost(timings.exitGrace(), now);
        }
    }

    void booted() {
        booted = true;
    }

    boolean hasBooted() {
        return booted;
    }

    boolean canFork() {
        return booted && !quitting && exit == null;
    }

    void spawn(int worker) {
        if (connection != null) {
            connection.send(FrameType.SPAWN, worker);
        }
    }

    /** Asks it to leave when its last child has; one that is still importing does not listen and gets a signal. */
    void quit(Timings timings, long now) {
        if (quitting || exit != null) {
            return;
        }
        quitting = true;
        if (booted && connection != null) {
            connection.send(FrameType.QUIT, 0);
        } else {
            if (process != null) {
                process.destroy();
            }
            deadline.in(timings.exitGrace(), now);
        }
    }

    /** Its last worker is gone, so it must leave soon. */
    void childless(Timings timings, long now) {
        if (quitting && exit == null && !deadline.isSet()) {
            deadline.in(timings.exitGrace(), now);
        }
    }

    void kill() {
        deadline.clear();
        if (process != null && exit == null) {
            process.destroyForcibly();
        }
    }

    /** Acts on a deadline that has passed. */
    void expire(long now) {
        if (exit == null && deadline.passed(now)) {
            kill();
        }
    }

    /**
     * Takes note of the process's end. What it said before may still be on its way over the connection, which may even
     * not be known yet.
     */
    void exited(ExitStatus status, Timings timings, long now) {
        exit = status;
        deadline.in(connection == null ? timings.lastWords() : timings.exitGrace(), now);
    }

    /** Returns how it ended, once, when all that it said has been heard. */
    @Nullable
    ExitStatus takeEnd(long now) {
        if (ended || exit == null || !(disconnected || deadline.passed(now))) {
            return null;
        }
        ended = true;
        deadline.clear();
        if (connection != null) {
            connection.close();
            connection = null;
        }
        return exit;
    }

    boolean hasEnded() {
        return ended;
    }

    void outputEnded() {
        outputEnded = true;
    }

    /** Returns whether nothing more will be heard of it. */
    boolean isSilent() {
        return ended && outputEnded;
    }

    Deadline deadline() {
        return deadline;
    }
}
