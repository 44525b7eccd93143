package io.juwsgi.master;

import io.juwsgi.processes.ExitStatus;
import io.juwsgi.spi.worker.WorkerGroup;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One message for the master's loop. */
sealed interface MasterEvent {

    /** A frame that came over a control connection. */
    sealed interface FromProcess extends MasterEvent {
        ControlConnection from();
    }

    /** ZYGOTE. */
    record ZygoteConnected(ControlConnection from, long pid) implements FromProcess {}

    /** BOOTED. */
    record Booted(ControlConnection from, int applications) implements FromProcess {}

    /** BOOT_FAILED. */
    record BootFailed(ControlConnection from, int exitCode, String reason) implements FromProcess {}

    /** SPAWNED; {@code output} is the zygote's descriptor of the pipe that the worker prints into, -1 without one. */
    record Spawned(ControlConnection from, int worker, long pid, int output) implements FromProcess {}

    /** SPAWNED with REFUSED: the zygote could not fork. */
    record NotForked(ControlConnection from, int worker, int errno) implements FromProcess {}

    /** EXITED. */
    record Exited(ControlConnection from, int worker, long pid, ExitStatus status) implements FromProcess {}

    /** The first frame of a worker. */
    sealed interface FromWorker extends FromProcess {
        int worker();

        long pid();
    }

    /** READY. */
    record Ready(ControlConnection from, int worker, long pid, Path linkSocket) implements FromWorker {}

    /** WORKER_FAILED. */
    record WorkerFailed(ControlConnection from, int worker, long pid, String reason) implements FromWorker {}

    /** CHANGED. */
    record Changed(ControlConnection from, String file) implements FromProcess {}

    /** LEAVING: somebody has sent the worker a signal that asks it to end. */
    record Leaving(ControlConnection from, int signal) implements FromProcess {}

    /** The control connection is closed, whoever did it. */
    record ConnectionEnded(ControlConnection from) implements FromProcess {}

    /** The zygote's process has ended. */
    record ZygoteEnded(Zygote zygote, ExitStatus status) implements MasterEvent {}

    /** Neither a zygote nor anything that it forked holds its output open any more. */
    record OutputEnded(Zygote zygote) implements MasterEvent {}

    /** A worker without a zygote has ended. */
    record Vanished(Worker worker) implements MasterEvent {}

    /** The router says that a draining worker has answered everything. */
    record Drained(Worker worker) implements MasterEvent {}

    /** The router says that a worker has served its share. */
    record Worn(Worker worker) implements MasterEvent {}

    /** The router says that a worker misbehaves. */
    record Failed(Worker worker, String reason) implements MasterEvent {}

    /** Somebody wants to hear of the workers. */
    record Listen(WorkerGroup.Listener listener) implements MasterEvent {}

    /** The server starts. */
    record Begin(Blueprint blueprint) implements MasterEvent {}

    /** What the next generation is made of, or a line that says why there will be none. */
    record Planned(Planning planning, @Nullable Blueprint blueprint, String problem) implements MasterEvent {}

    /** Workers are to be replaced, by those of a new zygote or of the same one. */
    record Reload(ReloadScope scope) implements MasterEvent {}

    /** The server is to stop. */
    record Stop(StopMode mode) implements MasterEvent {}

    /** The application cannot be loaded, so there is no server. */
    record Abort(int exitCode) implements MasterEvent {}

    /** The stop hook has done its work. */
    record HookDone() implements MasterEvent {}

    /** Somebody wants more workers, or fewer. */
    record ChangeWorkers(int delta) implements MasterEvent {}

    /** Somebody has written this into a master-fifo. */
    record Command(char letter) implements MasterEvent {}

    /** Somebody wants to know that the loop turns. */
    record Heartbeat(Runnable turned) implements MasterEvent {}

    /** Statistics are wanted in the log. */
    record Statistics() implements MasterEvent {}
}
