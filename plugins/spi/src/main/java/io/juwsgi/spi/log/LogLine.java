package io.juwsgi.spi.log;

import java.lang.System.Logger.Level;

/**
 * One line of the log on its way out. Immutable.
 *
 * @param source who says it
 * @param level how serious it is; INFO for all but messages
 * @param micros when, in microseconds since 1970
 * @param worker the number of the worker that printed it, 0 when it was none
 * @param pid the process id of that worker, 0 when it was none
 * @param text what it says, without line end; a stack trace has line ends within
 */
public record LogLine(Source source, Level level, long micros, int worker, long pid, String text) {

    /** Who says a line. */
    public enum Source {
        /** juwsgi itself. */
        MESSAGE,
        /** juwsgi about a request that has ended. */
        REQUEST,
        /** A zygote or a worker, on its standard output or error. */
        APPLICATION
    }

    /** Returns this line with another text. */
    public LogLine withText(String other) {
        return new LogLine(source, level, micros, worker, pid, other);
    }
}
