package io.juwsgi.router.worker;

/**
 * One request that has not been answered.
 *
 * @param id the request id, as in the log
 * @param method its method
 * @param uri its target
 * @param state what it is doing
 * @param worker the number of the worker that has it, 0 while it waits
 * @param core the number of the core that has it, -1 while it waits
 * @param millis how long it has been in this state; of those behind another on a core, how long that one has been at work
 */
public record RequestStats(String id, String method, String uri, State state, int worker, int core, long millis) {

    /** What a request is doing. */
    public enum State {
        /** It waits for a core. */
        WAITING,
        /** It was sent to a core that works on another one first. */
        BEHIND,
        /** The application works on it. */
        RUNNING
    }
}
