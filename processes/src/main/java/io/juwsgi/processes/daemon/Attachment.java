package io.juwsgi.processes.daemon;

/** An attached program, as {@link Daemons} drives it on the loop's thread. */
sealed interface Attachment permits TiedDaemon, SmartDaemon {
    /** Acts on deadlines that have passed. */
    void settle(long now);

    /** The server reloads. */
    void reload();

    /** The server stops. */
    void stop(long now);

    /** Returns whether nothing is left to wait for. */
    boolean isOver();

    long nanosToDeadline(long now);
}
