package io.juwsgi.spi.worker;

/** A function that applications call from their worker processes. */
@FunctionalInterface
public interface WorkerFunction {

    /**
     * Answers a call: by {@link WorkerCall#reply} or {@link WorkerCall#fail}, once, now or later, on any thread. Called on an
     * event loop, so it does not block; the thread of the application waits meanwhile.
     *
     * @param call the arguments, and where the answer goes
     */
    void call(WorkerCall call);
}
