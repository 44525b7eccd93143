package io.juwsgi.spi.log;

/** Shapes lines on their way to a logger, one encoder after the other. Called by the thread of each logger, several at once. */
@FunctionalInterface
public interface LogEncoder {

    /**
     * Returns what is written for a line; a line end at its end is taken off.
     *
     * @param line the line as the encoder before this one has left it
     */
    String encode(LogLine line);
}
