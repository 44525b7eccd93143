package io.juwsgi.config;

/**
 * Where a setting was written.
 *
 * @param source the file as the user named it, {@code command line} or {@code environment variable NAME}
 * @param line the line from 1, or 0 where a line has no meaning
 */
public record Origin(String source, int line) {

    /** The origin of everything on the command line. */
    public static final Origin COMMAND_LINE = new Origin("command line", 0);

    private static final String ENVIRONMENT = "environment variable ";

    /** Returns the origin of what an environment variable says. */
    static Origin environment(String variable) {
        return new Origin(ENVIRONMENT + variable, 0);
    }

    boolean isEnvironment() {
        return source.startsWith(ENVIRONMENT);
    }

    /** Returns {@code file:line}, or the source alone. */
    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line;
    }
}
