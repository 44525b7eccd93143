package io.juwsgi.processes;

import io.juwsgi.spi.LogSink;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.Set;

/**
 * A child process: the one way to start any. Signals may be sent from every thread. A child with a death signal gets it when
 * the <em>thread</em> ends that started it: that must be one which lasts.
 */
public final class Child {

    /** Hears of a child, on threads of its own that must not be held up. */
    public interface Watcher {
        /** The process has ended; what it had started may still run and print. */
        void ended(ExitStatus status);

        /** Nobody can print any more. */
        default void silent() {}
    }

    private static final Set<String> OWN = Set.of(
            "LISTEN_PID",
            "LISTEN_FDS",
            "LISTEN_FDNAMES",
            "WATCHDOG_USEC",
            "WATCHDOG_PID",
            "_JUWSGI_UPGRADE",
            "_JUWSGI_BACKGROUND",
            "_JAVA_SR_SIGNUM");

    private final Process process;
    private final Bond bond;

    private Child(Process process, Bond bond) {
        this.process = process;
        this.bond = bond;
    }

    /**
     * Starts a process.
     *
     * @param name what its threads here are called
     * @param log takes its output, line by line
     * @param watcher hears how it goes on
     * @throws IOException when it cannot be started; the message is one line that names the program
     */
    public static Child start(ChildCommand command, String name, LogSink log, Watcher watcher) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command.wholeArgv()).redirectErrorStream(true);
        if (command.directory() != null) {
            builder.directory(command.directory().toFile());
        }
        // These speak of this process: a library in the child must not take them for its own.
        builder.environment().keySet().removeAll(OWN);
        builder.environment().putAll(command.environment());
        ByteBuffer input = command.input();
        if (input == null) {
            builder.redirectInput(Redirect.INHERIT);
        } else if (!input.hasRemaining()) {
            builder.redirectInput(new File("/dev/null"));
        }
        if (!command.bond().logged()) {
            builder.redirectErrorStream(false).redirectOutput(Redirect.INHERIT).redirectError(Redirect.INHERIT);
        }
        Process process = builder.start();
        if (command.bond().logged()) {
            daemon(
                    name + "-output",
                    new OutputPump(output(process), log.application(0, process.pid()), watcher::silent));
        }
        if (input != null && input.hasRemaining()) {
            daemon(name + "-input", () -> write(process, input.duplicate()));
        }
        var _ = process.onExit().thenAccept(p -> watcher.ended(ExitStatus.ofProcess(p.exitValue())));
        return new Child(process, command.bond());
    }

    /**
     * Opens the reading end of the process's output. When the process ends the JDK drains and closes the end that it
     * hands out, although what it has started may still print, and would get EPIPE: so Linux is asked for another one.
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

    /** A process that does not read must not hold up the one who starts it: this has a thread of its own. */
    private static void write(Process process, ByteBuffer input) {
        try (OutputStream stream = process.getOutputStream();
                WritableByteChannel channel = Channels.newChannel(stream)) {
            while (input.hasRemaining()) {
                channel.write(input);
            }
        } catch (IOException endedBeforeItRead) {
            // Its end is reported, with the reason in its output.
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread.ofPlatform().name(name).daemon().start(work);
    }

    /** Returns the process id. */
    public long pid() {
        return process.pid();
    }

    /** Returns whether it has not ended yet. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Sends a signal to it and, when it leads a session, to all that it has started there. */
    public void signal(int signal) {
        if (!process.isAlive()) {
            return;
        }
        // It has no group yet if it has only just been started.
        if (!bond.session() || !Signals.sendToGroup(pid(), signal)) {
            Signals.send(pid(), signal);
        }
    }

    /** Asks it to end: TERM, to the process alone. */
    public void terminate() {
        process.destroy();
    }

    /** Ends it: KILL, to its whole group if it leads one. */
    public void kill() {
        if (bond.session()) {
            signal(Signals.KILL);
        } else {
            process.destroyForcibly();
        }
    }

    /** Ends what a child that has ended has left in its session. Called soon after the end, before its id is used again. */
    public void killRest() {
        if (bond.session()) {
            Signals.sendToGroup(pid(), Signals.KILL);
        }
    }
}
