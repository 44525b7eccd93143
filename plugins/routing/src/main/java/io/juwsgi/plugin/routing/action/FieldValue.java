package io.juwsgi.plugin.routing.action;

/** A text that becomes the value of a header field. */
final class FieldValue {
    private static final String HEX = "0123456789ABCDEF";

    private FieldValue() {}

    /** Returns the text with control characters as {@code %XX}, so that a decoded path breaks no response. */
    static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isControl(text.charAt(i))) {
                return escaped(text);
            }
        }
        return text;
    }

    private static boolean isControl(char c) {
        return c < ' ' || c == 127;
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isControl(c)) {
                out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
