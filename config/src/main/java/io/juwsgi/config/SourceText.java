package io.juwsgi.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a configuration file as text, or says in one line why it cannot be one. */
final class SourceText {
    /** Far beyond any file that people write, far below what would hurt the heap. */
    static final int LARGEST_FILE = 8 << 20;

    static final int LONGEST_LINE = 1 << 20;

    private SourceText() {}

    /**
     * Returns the text of a file.
     *
     * @param shown the file as the user named it
     * @param origin where the user named it
     * @param patience how long a pipe or a device may take
     */
    static String read(Path file, String shown, Origin origin, Patience patience) {
        if (Files.isDirectory(file)) {
            throw new ConfigException(origin + ": " + shown + " is a directory (expected: a configuration file)");
        }
        if (!Files.exists(file)) {
            throw new ConfigException(origin + ": no such configuration file: " + shown);
        }
        Patience.Source source = () -> {
            try (InputStream in = Files.newInputStream(file)) {
                return read(in, shown, origin);
            }
        };
        try {
            return Files.isRegularFile(file) ? source.text() : patience.read(source, shown, origin);
        } catch (AccessDeniedException e) {
            throw new ConfigException(origin + ": no permission to read " + shown);
        } catch (IOException e) {
            throw new ConfigException(origin + ": cannot read " + shown + ": " + e.getMessage());
        }
    }

    static String read(InputStream in, String shown, Origin origin) throws IOException {
        byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
        if (bytes.length > LARGEST_FILE) {
            throw new ConfigException(
                    origin + ": " + shown + " is larger than " + (LARGEST_FILE >> 20) + " MiB (expected: a text file)");
        }
        checkText(bytes, shown);
        return decode(bytes);
    }

    private static void checkText(byte[] bytes, String shown) {
        int line = 1;
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                line++;
                start = i + 1;
            } else if (b == 0) {
                throw new ConfigException(new Origin(shown, line) + ": a zero byte (expected: a text file)");
            } else if (i - start >= LONGEST_LINE) {
                throw new ConfigException(new Origin(shown, line) + ": the line is longer than 1 MiB");
            }
        }
    }

    /** UTF-8, and for older files that are not, Latin-1: uWSGI takes any bytes, and most such bytes are in comments. */
    private static String decode(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            text = new String(bytes, StandardCharsets.ISO_8859_1);
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
