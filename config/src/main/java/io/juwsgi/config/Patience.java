package io.juwsgi.config;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads what may never come to an end, a pipe, a device, a command or a server, and gives up after a while.
 *
 * @param longest how long reading may take
 */
record Patience(Duration longest) {
    static final Patience USUAL = new Patience(Duration.ofSeconds(30));

    /** Reads a text to its end. */
    interface Source {
        String text() throws IOException;
    }

    /**
     * Returns the text of a source.
     *
     * @param shown the source as the user named it
     * @param origin where the user named it
     * @throws ConfigException when it has not ended in time
     */
    String read(Source source, String shown, Origin origin) throws IOException {
        FutureTask<String> reading = new FutureTask<>(source::text);
        // A daemon: opening a pipe that nobody writes to cannot be interrupted, and must not keep the process.
        Thread.ofPlatform().daemon().name("juwsgi-config").start(reading);
        try {
            return reading.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ConfigException(
                    origin + ": " + shown + " has not come to an end within " + longest.toSeconds() + " seconds");
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConfigException(origin + ": interrupted while reading " + shown);
        }
    }

    private static IOException rethrown(@Nullable Throwable cause) throws IOException {
        return switch (cause) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case IOException e -> e;
            case null, default -> new IOException(cause);
        };
    }
}
