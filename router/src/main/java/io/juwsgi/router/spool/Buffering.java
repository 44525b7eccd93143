package io.juwsgi.router.spool;

import io.juwsgi.config.Settings;
import java.nio.file.Path;

/**
 * Which bodies wait in the gateway, and how much of them.
 *
 * @param spools where files are made
 * @param requestMemory how much of a request body stays in memory, in bytes; 0 when bodies are not taken whole
 * @param partSize how much is read from a file at a time, in bytes
 * @param responseLimit how much of a response may wait for its client, in bytes; 0 when the producer waits at once
 */
public record Buffering(Spools spools, long requestMemory, int partSize, long responseLimit) {

    /** Reads the options. */
    public static Buffering of(Settings settings) {
        return BufferingOptions.read(settings);
    }

    /** Returns settings in which nothing waits in files. */
    public static Buffering off() {
        return new Buffering(new Spools(Path.of("/nonexistent"), 0), 0, 64 * 1024, 0);
    }

    /** Returns whether request bodies are taken whole before they are passed on. */
    public boolean takesRequests() {
        return requestMemory > 0;
    }
}
