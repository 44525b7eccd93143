package io.juwsgi.spi;

/**
 * Takes whole log lines: the one way into the log for start-up lines, access lines and what applications print. Any thread
 * may call it; it never waits for what is behind it: lines that cannot be kept are dropped and counted. Where lines go from
 * here is the matter of {@code io.juwsgi.spi.log}.
 */
@FunctionalInterface
public interface LogSink {

    /**
     * Writes one line.
     *
     * @param line without line end
     */
    void line(String line);

    /** Returns the way in for lines about requests. */
    default LogSink requests() {
        return this;
    }

    /**
     * Returns the way in for what the application prints.
     *
     * @param worker the worker's number, 0 for a zygote
     * @param pid its process id
     */
    default LogSink application(int worker, long pid) {
        return this;
    }

    /** Opens log files again, soon. */
    default void reopen() {}

    /** Puts log files aside under their names for backups and begins new ones, soon. */
    default void rotate() {}
}
