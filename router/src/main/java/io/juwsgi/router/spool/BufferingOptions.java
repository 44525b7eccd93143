package io.juwsgi.router.spool;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import io.juwsgi.config.typed.ByteSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The options that say which bodies wait in the gateway, and where. */
public final class BufferingOptions {
    static final Option<Optional<String>> POST_BUFFERING = Option.text("post-buffering")
            .optionalArgument()
            .placeholder("BYTES")
            .area("limits")
            .shownDefault("64k")
            .doc(
                    "take a request body whole before a worker gets it: this much in memory, more in a file; 0 streams it");
    static final Option<Integer> POST_BUFFERING_BUFSIZE = Option.integer("post-buffering-bufsize", 64 * 1024)
            .placeholder("BYTES")
            .area("limits")
            .doc("how much of a body is read from its file at a time");
    static final Option<Optional<String>> RESPONSE_BUFFERING = Option.text("response-buffering")
            .placeholder("BYTES")
            .area("limits")
            .shownDefault("1g")
            .doc("how much of a response is kept for a slow client before the worker waits; 0 lets it wait at once");
    static final Option<Optional<String>> DIRECTORY = Option.text("buffering-dir")
            .placeholder("FOLDER")
            .area("limits")
            .doc("folder of the files in which bodies wait (default: TMPDIR, or the system's folder for such files)");
    static final Option<Optional<String>> QUOTA = Option.text("buffering-quota")
            .placeholder("BYTES")
            .area("limits")
            .doc("how much all these files may hold together (default: half of what is free there at the start)");

    /** What post-buffering means without a number. */
    private static final long USUAL_MEMORY = 64 * 1024;

    private static final long USUAL_RESPONSE = 1L << 30;

    /** What is allowed where the system does not tell how much is free. */
    private static final long UNKNOWN_SPACE = 1L << 30;

    private static final Set<String> OFF = Set.of("0", "false", "off", "no");

    private BufferingOptions() {}

    /** Returns all of them, for the option registry. */
    public static List<Option<?>> all() {
        return List.of(POST_BUFFERING, POST_BUFFERING_BUFSIZE, RESPONSE_BUFFERING, DIRECTORY, QUOTA);
    }

    static Buffering read(Settings settings) {
        int part = settings.get(POST_BUFFERING_BUFSIZE);
        if (part < 4096 || part > 16 * 1024 * 1024) {
            throw new ConfigException("--post-buffering-bufsize " + part + ": expected 4096 to 16777216 bytes");
        }
        long memory = postBuffering(settings);
        if (memory > 1L << 30) {
            throw new ConfigException("--post-buffering " + memory + ": expected up to 1g of memory for each request");
        }
        Path directory = directory(settings);
        long response = size(settings, RESPONSE_BUFFERING, USUAL_RESPONSE);
        return new Buffering(new Spools(directory, quota(settings, directory)), memory, part, response);
    }

    /** uWSGI's users write 1, true or a size; what is no size means on. */
    private static long postBuffering(Settings settings) {
        if (!settings.has(POST_BUFFERING)) {
            return USUAL_MEMORY;
        }
        String text = settings.get(POST_BUFFERING).orElse("");
        if (OFF.contains(text)) {
            return 0;
        }
        boolean word = text.isEmpty() || !Character.isDigit(text.charAt(0));
        return word ? USUAL_MEMORY : size(settings, POST_BUFFERING, USUAL_MEMORY);
    }

    private static long size(Settings settings, Option<Optional<String>> option, long usual) {
        String text = settings.has(option) ? settings.get(option).orElse("") : "";
        try {
            return text.isEmpty() ? usual : ByteSize.parse(text).bytes();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ConfigException(option + " " + text + ": expected a size such as 512, 64k, 10m or 1g");
        }
    }

    private static Path directory(Settings settings) {
        Optional<String> given = settings.get(DIRECTORY);
        if (given.isPresent()) {
            Path path = Path.of(given.get());
            if (!Files.isDirectory(path) || !Files.isWritable(path)) {
                throw new ConfigException("--buffering-dir " + path + ": expected a folder that can be written to");
            }
            return path;
        }
        String own = System.getenv("TMPDIR");
        return Path.of(own == null || own.isEmpty() ? System.getProperty("java.io.tmpdir", "/tmp") : own);
    }

    private static long quota(Settings settings, Path directory) {
        long free = Spools.free(directory);
        return size(settings, QUOTA, free < 0 ? UNKNOWN_SPACE : free / 2);
    }
}
