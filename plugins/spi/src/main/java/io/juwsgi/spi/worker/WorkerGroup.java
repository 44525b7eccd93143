package io.juwsgi.spi.worker;

/**
 * The live workers of one application: the one place where the process plane, which publishes them, and the data plane,
 * which picks from them, meet.
 */
public interface WorkerGroup {

    /**
     * Adds a listener, which first hears of every worker that is already ready.
     *
     * @param listener called on the process plane's thread; it must return at once
     */
    void listen(Listener listener);

    /** What happens to the workers of a group. For each worker: ready, then perhaps draining, then gone. */
    interface Listener {

        /** The worker accepts requests. */
        void ready(WorkerEndpoint worker);

        /**
         * The worker gets no new request; the listener calls {@link WorkerEndpoint#drained} when the last answer is out.
         */
        void draining(WorkerEndpoint worker);

        /** The process is gone, however it ended: whatever it had not answered will not be answered. */
        void gone(WorkerEndpoint worker);

        /**
         * The group's state as a whole changed.
         *
         * @param state whether requests may wait for a worker
         */
        void state(State state);

        /**
         * An operator wants requests to wait although there are workers, or does so no more.
         *
         * @param paused whether they are to wait
         */
        default void paused(boolean paused) {}

        /**
         * Says how much there is to do, for a listener that gives the workers their requests. Called on the process
         * plane's thread every second or more often; it must return at once.
         */
        default GroupLoad load() {
            return GroupLoad.NONE;
        }
    }

    /** Whether a request that finds no worker may wait for one. */
    enum State {
        /** The first workers are being started: requests wait. */
        STARTING,
        /** Workers are or will shortly be ready. */
        SERVING,
        /** Nothing could be loaded, or the server stops: requests are refused. */
        UNAVAILABLE
    }
}
