package io.juwsgi.plugin.routing.variable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Media types by the ending of a file's name: those of {@code /etc/mime.types}, and the most common ones where there is none. */
public final class MimeTypes {
    private static final Path SYSTEM = Path.of("/etc/mime.types");
    private static final List<String> COMMON = List.of(
            "text/html html htm",
            "text/css css",
            "text/plain txt",
            "text/xml xml",
            "text/csv csv",
            "application/javascript js mjs",
            "application/json json",
            "application/pdf pdf",
            "application/wasm wasm",
            "application/zip zip",
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

    /** Read when a type is first asked for. */
    private static final class Holder {
        static final Map<String, String> TYPES = read();
    }

    private MimeTypes() {}

    private static Map<String, String> read() {
        Map<String, String> types = new HashMap<>();
        COMMON.forEach(line -> add(types, line));
        try {
            Files.readAllLines(SYSTEM, StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> add(types, line));
        } catch (IOException e) {
            // Not every system has the file.
        }
        return types;
    }

    private static void add(Map<String, String> types, String line) {
        String[] words = line.strip().split("\\s+", -1);
        for (int i = 1; i < words.length; i++) {
            types.put(words[i].toLowerCase(Locale.ROOT), words[0]);
        }
    }

    /** Returns the type of a file or path. */
    public static Optional<String> of(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0
                ? Optional.empty()
                : Optional.ofNullable(Holder.TYPES.get(name.substring(dot + 1).toLowerCase(Locale.ROOT)));
    }
}
