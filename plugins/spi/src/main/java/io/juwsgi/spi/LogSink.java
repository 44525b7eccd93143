package io.juwsgi.spi;

/**
 * Takes whole log lines: the one way to the log for start-up lines, access lines and what applications print. Any thread
 * may call it; it never blocks on the destination for longer than it takes to copy the line.
 */
@FunctionalInterface
public interface LogSink {

    /**
     * Writes one line.
     *
     * @param line without line end
     */
    void line(String line);
}
