package io.juwsgi.router.accesslog;

import org.jspecify.annotations.Nullable;

/** Writes what clients sent so that it can forge no line and no field of one. */
final class Escaped {
    private static final String DIGITS = "0123456789abcdef";

    private Escaped() {}

    /** Appends text; control characters, quotes, backslashes and bytes above 127 as {@code \xHH}. */
    static void append(StringBuilder line, String text) {
        int size = text.length();
        int plain = 0;
        for (int i = 0; i < size; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                line.append(text, plain, i)
                        .append("\\x")
                        .append(DIGITS.charAt(c >> 4 & 15))
                        .append(DIGITS.charAt(c & 15));
                plain = i + 1;
            }
        }
        line.append(text, plain, size);
    }

    /** Appends text, or a dash where there is none. */
    static void orDash(StringBuilder line, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            line.append('-');
        } else {
            append(line, text);
        }
    }
}
