package io.juwsgi.processes;

/**
 * How a child hangs together with this process.
 *
 * @param session whether it leads a session of its own, so that signals reach all that it starts, and Ctrl-C in this
 *     process's terminal reaches none of it
 * @param deathSignal what the kernel sends it when this process is killed; 0 for nothing
 * @param logged whether its output passes through this process into the log; else it has this process's own
 *     standard output and error, and can go on when this process has ended
 */
public record Bond(boolean session, int deathSignal, boolean logged) {
    /** It makes its own session, and notices by itself when this process is gone. */
    public static final Bond BY_ITSELF = new Bond(false, 0, true);

    /** It is to outlive this process. */
    public static final Bond DETACHED = new Bond(true, 0, false);

    /** Returns the bond of a child that must not outlive this process. */
    public static Bond tied(int deathSignal) {
        return new Bond(true, deathSignal, true);
    }
}
