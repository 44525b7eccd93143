package io.juwsgi.spi.log;

import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A kind of logger or encoder, which a configuration may name as often as it likes: {@code logger = ID:ARGUMENT}, {@code
 * log-encoder = ID ARGUMENT}.
 *
 * @param id lower-case letters, digits and dashes, unique among its sort
 * @param usage what the argument is, such as {@code HOST:PORT}; empty when there is none
 * @param maker makes one of its argument, which is empty when none was given; called on the main thread, opens nothing,
 *     and throws {@link IllegalArgumentException} with {@code WHAT: VALUE (expected: ...)} when the argument is wrong
 * @param <T> what is made
 */
public record LogType<T>(String id, String usage, Function<String, ? extends T> maker) {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /**
     * Checks the id.
     *
     * @throws IllegalArgumentException when the id has another form
     */
    public LogType {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "log type id: " + id + " (expected: lower-case letters, digits and dashes, such as syslog)");
        }
    }
}
