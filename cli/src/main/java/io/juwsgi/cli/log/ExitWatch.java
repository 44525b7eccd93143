package io.juwsgi.cli.log;

import java.util.ResourceBundle;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Hears of {@code System.exit}, on the thread that called it, before the process begins to end: the JDK tells a logger of its
 * own about each call. Any thread may use it.
 */
public final class ExitWatch {
    /** The logger that the JDK tells; see the documentation of {@link Runtime#exit}. */
    static final String LOGGER = "java.lang.Runtime";

    private static volatile @Nullable Consumer<Throwable> listener;
    private static volatile boolean seen;

    private ExitWatch() {}

    /**
     * Sets who hears of the calls from now on.
     *
     * @param listener gets a throwable with the stack of the call; it returns soon
     */
    public static void listen(Consumer<Throwable> listener) {
        ExitWatch.listener = listener;
    }

    /** Returns whether somebody has called {@code System.exit} since somebody listens. */
    public static boolean seen() {
        return seen;
    }

    private static void called(Throwable stack) {
        // The JDK's own answer to a signal comes this way too, without these frames.
        boolean byCode = Stream.of(stack.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(LOGGER)
                        && frame.getMethodName().equals("exit"));
        Consumer<Throwable> hearing = listener;
        if (byCode && hearing != null) {
            seen = true;
            hearing.accept(stack);
        }
    }

    /** The logger. */
    record Logger() implements System.Logger {
        @Override
        public String getName() {
            return LOGGER;
        }

        @Override
        public boolean isLoggable(Level level) {
            return listener != null;
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
            if (thrown != null) {
                called(thrown);
            }
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... params) {
            // Calls come with their stacks.
        }
    }
}
