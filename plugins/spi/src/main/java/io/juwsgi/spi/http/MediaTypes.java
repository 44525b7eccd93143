package io.juwsgi.spi.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Media types by the endings of files' names. Immutable. */
public final class MediaTypes {
    private static final Path SYSTEM = Path.of("/etc/mime.types");
    private static final List<String> COMMON = List.of(
            "text/html html htm",
            "text/css css",
            "text/plain txt",
            "text/xml xml",
            "text/csv csv",
            "application/javascript js mjs",
            "application/json json map",
            "application/pdf pdf",
            "application/wasm wasm",
            "application/zip zip",
            "image/avif avif",
            "image/gif gif",
            "image/jpeg jpeg jpg",
            "image/png png",
            "image/svg+xml svg",
            "image/webp webp",
            "image/x-icon ico",
            "font/woff woff",
            "font/woff2 woff2",
            "audio/mpeg mp3",
            "video/mp4 mp4");

    private final Map<String, String> types;

    /** Read when a type is first asked for. */
    private static final class Holder {
        static final MediaTypes SYSTEM_TYPES = ofSystem();
    }

    private MediaTypes(Map<String, String> types) {
        this.types = types;
    }

    /** Returns those of {@code /etc/mime.types}, and the most common ones where that file is silent or missing. */
    public static MediaTypes system() {
        return Holder.SYSTEM_TYPES;
    }

    private static MediaTypes ofSystem() {
        Map<String, String> types = new HashMap<>();
        COMMON.forEach(line -> add(types, line));
        try {
            read(types, SYSTEM);
        } catch (IOException e) {
            // Not every system has the file.
        }
        return new MediaTypes(types);
    }

    /**
     * Returns these types with those of a file in the form of {@code /etc/mime.types} before them.
     *
     * @throws IOException when the file cannot be read
     */
    public MediaTypes with(Path file) throws IOException {
        Map<String, String> more = new HashMap<>(types);
        read(more, file);
        return new MediaTypes(more);
    }

    private static void read(Map<String, String> types, Path file) throws IOException {
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            int comment = line.indexOf('#');
            add(types, comment < 0 ? line : line.substring(0, comment));
        }
    }

    private static void add(Map<String, String> types, String line) {
        String[] words = line.strip().split("\\s+", -1);
        for (int i = 1; i < words.length; i++) {
            types.put(words[i].toLowerCase(Locale.ROOT), words[0]);
        }
    }

    /** Returns the type of a file or path. */
    public Optional<String> of(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0
                ? Optional.empty()
                : Optional.ofNullable(types.get(name.substring(dot + 1).toLowerCase(Locale.ROOT)));
    }
}
