package io.juwsgi.plugin.staticfiles;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Turns the decoded path of a request into the name of a file. What could lead elsewhere is no name: {@code ..}, NUL,
 * backslashes, bytes that are no UTF-8. Immutable; fuzz target: NamesFuzzTest.
 *
 * @param dotFiles whether names may begin with a dot
 */
record Names(boolean dotFiles) {
    private static final String WELL_KNOWN = ".well-known";

    /**
     * Returns the file or directory of a path.
     *
     * @param root where it begins
     * @param rest the path below that, each char one byte
     * @return null when it names nothing that may be served
     */
    @Nullable
    Path below(Path root, String rest) {
        Path path = root;
        int start = 0;
        while (start < rest.length()) {
            int slash = rest.indexOf('/', start);
            int end = slash < 0 ? rest.length() : slash;
            if (end > start) {
                path = child(path, rest.substring(start, end), path.equals(root));
                if (path == null) {
                    return null;
                }
            }
            start = end + 1;
        }
        return path;
    }

    private @Nullable Path child(Path directory, String bytes, boolean first) {
        boolean dot = bytes.charAt(0) == '.';
        if (bytes.equals(".") || bytes.equals("..") || bytes.indexOf('\0') >= 0 || bytes.indexOf('\\') >= 0) {
            return null;
        }
        if (dot && !dotFiles && !(first && bytes.equals(WELL_KNOWN))) {
            return null;
        }
        String name = text(bytes);
        if (name == null) {
            return null;
        }
        try {
            return directory.resolve(name);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static @Nullable String text(String bytes) {
        if (isAscii(bytes)) {
            return bytes;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static boolean isAscii(String bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            if (bytes.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether a directory listing shows a name. */
    boolean shows(String name) {
        return dotFiles || !name.startsWith(".");
    }
}
