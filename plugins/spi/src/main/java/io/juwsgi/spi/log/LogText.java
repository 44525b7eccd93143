package io.juwsgi.spi.log;

import org.jspecify.annotations.Nullable;

/** Text for machines within a line. No state. */
public final class LogText {
    private static final String DIGITS = "0123456789abcdef";

    private LogText() {}

    /** Appends text as a JSON string in quotes (RFC 8259 section 7), null without them. */
    public static void jsonString(StringBuilder out, @Nullable String text) {
        if (text == null) {
            out.append("null");
            return;
        }
        out.append('"');
        jsonEscaped(out, text);
        out.append('"');
    }

    /** Appends text as it stands within a JSON string; half a surrogate pair becomes a question mark. */
    public static void jsonEscaped(StringBuilder out, String text) {
        int plain = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c != '"' && c != '\\' && !Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            out.append(text, plain, i);
            escape(out, c);
            plain = i + 1;
        }
        out.append(text, plain, text.length());
    }

    private static void escape(StringBuilder out, char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (Character.isSurrogate(c)) {
                    out.append('?');
                } else {
                    out.append("\\u00").append(DIGITS.charAt(c >> 4)).append(DIGITS.charAt(c & 15));
                }
            }
        }
    }
}
