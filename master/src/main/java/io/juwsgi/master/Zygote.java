package io.juwsgi.master;

import io.juwsgi.processes.Bond;
import io.juwsgi.processes.Child;
import io.juwsgi.processes.ChildCommand;
import io.juwsgi.processes.Deadline;
import io.juwsgi.processes.ExitStatus;
import io.juwsgi.protocol.link.FrameType;
import io.juwsgi.spi.LogSink;
import io.juwsgi.spi.worker.ZygoteCommand;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A zygote: its process, its control connection and what it prints.
 *
 * <p>Mutable; owned by the master's thread. Other threads write its standard input, copy its output and wait for its end.
 */
final class Zygote {
    private final LogSink log;
    private final Consumer<MasterEvent> events;
    private final Deadline deadline = new Deadline();
    private @Nullable Child process;
    private @Nullable ControlConnection connection;
    private boolean booted;
    private boolean quitting;
    private boolean disconnected;
    private boolean ended;
    /** How many pipes there are that somebody may still print into: its own, and those of its workers. */
    private int outputs = 1;

    /** The interpreter's process id, which is not the child's where a script starts it; 0 before it has connected. */
    private long pid;

    private @Nullable ExitStatus exit;

    Zygote(LogSink log, Consumer<MasterEvent> events) {
        this.log = log;
        this.events = events;
    }

    /** Starts the process, which makes its own session and leaves when its connection ends. */
    void start(ZygoteCommand command) throws IOException {
        ChildCommand child = new ChildCommand(
                command.argv(), command.environment(), command.directory(), command.boot(), Bond.BY_ITSELF, null);
        process = Child.start(child, "juwsgi-zygote", log, new Child.Watcher() {
            @Override
            public void ended(ExitStatus status) {
                events.accept(new MasterEvent.ZygoteEnded(Zygote.this, status));
            }

            @Override
            public void silent() {
                events.accept(new MasterEvent.OutputEnded(Zygote.this));
            }
        });
    }

    /** Takes note that there is no process to wait for. */
    void failedToStart() {
        exit = ExitStatus.UNKNOWN;
        ended = true;
        outputs = 0;
    }

    /** Returns whether a process that says it is a zygote, with this id, is this one or was started by it. */
    boolean isProcess(long pid) {
        Child own = process;
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

    void connected(ControlConnection from, long process) {
        connection = from;
        pid = process;
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
            connection.send(FrameType.SPAWN, worker, WorkerOutput.canBeOpened(pid) ? WorkerOutput.OWN : 0);
        }
    }

    /** Begins to copy what a new worker prints, when it does that into a pipe of its own. */
    void listenTo(MasterEvent.Spawned spawned) {
        if (spawned.output() < 0) {
            return;
        }
        try {
            WorkerOutput.copy(
                    pid,
                    spawned.output(),
                    log.application(spawned.worker(), spawned.pid()),
                    () -> events.accept(new MasterEvent.OutputEnded(this)));
            outputs++;
        } catch (IOException e) {
            log.line("worker " + spawned.worker() + " (pid: " + spawned.pid() + "): its output cannot be read: "
                    + e.getMessage());
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
                process.terminate();
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
            process.kill();
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
        outputs--;
    }

    /** Returns whether nothing more will be heard of it. */
    boolean isSilent() {
        return ended && outputs <= 0;
    }

    Deadline deadline() {
        return deadline;
    }
}
