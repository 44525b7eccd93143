package io.juwsgi.plugin.staticfiles;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Paths as they stand in links. */
final class PathText {
    private static final String PLAIN = "-._~!$&'()*+,;=:@/";

    private PathText() {}

    /**
     * Returns a decoded path, each char one byte, as a link to this server: one slash in front, for two would begin another
     * server's name.
     */
    static String encoded(String path) {
        int start = 0;
        while (start < path.length() && path.charAt(start) == '/') {
            start++;
        }
        StringBuilder text = new StringBuilder(path.length() + 16).append('/');
        append(text, path.substring(start));
        return text.toString();
    }

    /** Returns a file's name with each byte a char. */
    static String bytes(Path path) {
        return new String(path.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Returns the path of an address, each char one byte; null when it has an incomplete percent code. */
    static @Nullable String decoded(String address) {
        StringBuilder text = new StringBuilder(address.length());
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            if (c == '%') {
                int high = i + 2 < address.length() ? Character.digit(address.charAt(i + 1), 16) : -1;
                int low = high < 0 ? -1 : Character.digit(address.charAt(i + 2), 16);
                if (low < 0) {
                    return null;
                }
                c = (char) (high << 4 | low);
                i += 2;
            }
            text.append(c);
        }
        return text.toString();
    }

    /** Appends bytes, percent signs where a link needs them. */
    static void append(StringBuilder text, String bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            boolean plain =
                    (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || PLAIN.indexOf(c) >= 0;
            if (plain) {
                text.append(c);
            } else {
                text.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4 & 15, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
    }
}
