package io.juwsgi.master;

import io.juwsgi.master.MasterStatus.WorkerState;
import io.juwsgi.processes.Deadline;
import io.juwsgi.protocol.link.FrameType;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One worker process and the state that it is in, as {@code docs/process-model.md} has them.
 *
 * <p>Mutable; owned by the master's thread. Its {@link Endpoint} belongs to no thread.
 */
final class Worker {
    /** The states, each with those that may follow. */
    enum State {
        SPAWNING,
        READY,
        DRAINING,
        STOPPING,
        KILLED,
        GONE;

        Set<State> next() {
            return switch (this) {
                case SPAWNING -> EnumSet.of(READY, KILLED, GONE);
                case READY -> EnumSet.of(DRAINING, GONE);
                case DRAINING -> EnumSet.of(STOPPING, KILLED, GONE);
                case STOPPING -> EnumSet.of(KILLED, GONE);
                case KILLED -> EnumSet.of(GONE);
                case GONE -> EnumSet.noneOf(State.class);
            };
        }
    }

    private final int id;
    private final int generation;
    private final int ordinal;
    private final Instant spawned = Instant.now();
    private final long spawnedNanos;
    private final Deadline deadline = new Deadline();
    private final Deadline wearOut = new Deadline();
    private State state = State.SPAWNING;
    private long pid;
    private long readyNanos;
    private boolean worn;
    private boolean waitsForTurn;
    private String wornBecause = "";
    private boolean condemned;
    private boolean lost;
    private @Nullable ProcessHandle process;
    private @Nullable ControlConnection connection;
    private @Nullable Endpoint endpoint;

    /**
     * Makes a worker that the zygote is being asked for.
     *
     * @param ordinal how many processes have had this number, with this one
     */
    Worker(int id, int generation, int ordinal, long now) {
        this.id = id;
        this.generation = generation;
        this.ordinal = ordinal;
        this.spawnedNanos = now;
    }

    /** Moves to another state and forgets the deadline of the one before. */
    void to(State next) {
        if (!state.next().contains(next)) {
            throw new IllegalStateException(this + ": to " + next + " (expected: one of " + state.next() + ")");
        }
        state = next;
        deadline.clear();
        wearOut.clear();
    }

    State state() {
        return state;
    }

    boolean is(State which) {
        return state == which;
    }

    /** Learns the process id. */
    void forked(long forkedPid) {
        pid = forkedPid;
        process = ProcessHandle.of(forkedPid).orElse(null);
    }

    /** Learns that the process accepts worker links; the endpoint is what the router gets. */
    Endpoint ready(ControlConnection from, Path linkSocket, int cores, Consumer<MasterEvent> events, long now) {
        to(State.READY);
        connection = from;
        readyNanos = now;
        Endpoint published = new Endpoint(this, pid, cores, linkSocket, events);
        endpoint = published;
        return published;
    }

    /** Asks it to finish; it has no requests any more. */
    void stop() {
        to(State.STOPPING);
        if (connection != null) {
            connection.send(FrameType.STOP, id);
        }
    }

    void kill() {
        to(State.KILLED);
        signalKill();
    }

    /** Sends SIGKILL, as soon as there is a process id to send it to. */
    void signalKill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    void gone() {
        to(State.GONE);
        if (connection != null) {
            connection.close();
        }
    }

    /** Calls {@code vanished} when the process ends, for a worker whose zygote is gone. */
    void watch(Runnable vanished) {
        if (process != null) {
            var _ = process.onExit().thenRun(vanished);
        } else {
            vanished.run();
        }
    }

    /** Returns how long it was ready, nothing if it never was. */
    Duration readyFor(long now) {
        return endpoint == null ? Duration.ZERO : Duration.ofNanos(now - readyNanos);
    }

    /** Returns how long ago it was asked for. */
    Duration age(long now) {
        return Duration.ofNanos(now - spawnedNanos);
    }

    MasterStatus.WorkerStatus status() {
        return new MasterStatus.WorkerStatus(
                id, pid, generation, WorkerState.valueOf(state.name()), ordinal, spawned, 0, 0);
    }

    boolean isConnectedBy(ControlConnection from) {
        return connection == from;
    }

    /** Takes note that its control connection ended though nobody asked it to go. */
    void lose() {
        connection = null;
        lost = true;
    }

    /** Returns whether it is dying by itself and its wait status is still to come. */
    boolean isLost() {
        return lost;
    }

    void disconnect() {
        connection = null;
    }

    boolean isConnected() {
        return connection != null;
    }

    int id() {
        return id;
    }

    long pid() {
        return pid;
    }

    int generation() {
        return generation;
    }

    Deadline deadline() {
        return deadline;
    }

    /** Returns the endpoint if the worker was ever ready. */
    @Nullable
    Endpoint endpoint() {
        return endpoint;
    }

    /** Returns whether it has served its share and only waits for its replacement. */
    boolean isWorn() {
        return worn;
    }

    /** Wants a replacement for it, when its turn has come or at once. */
    void wear(boolean inTurn) {
        worn = true;
        waitsForTurn = inTurn;
        wearOut.clear();
    }

    /** Returns whether it is worn, and its replacement must wait until no other worker is being replaced. */
    boolean waitsForTurn() {
        return waitsForTurn;
    }

    /** Plans to replace it then, unless that is planned earlier already. */
    void wearIn(Duration delay, String because, long now) {
        if (wearOut.nanosFrom(now) > delay.toNanos()) {
            wearOut.in(delay, now);
            wornBecause = because;
        }
    }

    /** Returns when it is to be replaced, if that is planned. */
    Deadline wearOut() {
        return wearOut;
    }

    /** Returns why it is to be replaced then. */
    String wornBecause() {
        return wornBecause;
    }

    /** Returns whether it misbehaved and is killed instead of stopped. */
    boolean isCondemned() {
        return condemned;
    }

    void condemn() {
        condemned = true;
    }

    @Override
    public String toString() {
        return "worker " + id + " (pid: " + pid + ", generation: " + generation + ", " + state + ")";
    }
}
