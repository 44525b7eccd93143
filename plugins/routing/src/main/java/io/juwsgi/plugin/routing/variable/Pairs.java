package io.juwsgi.plugin.routing.variable;

import org.jspecify.annotations.Nullable;

/** {@code NAME=VALUE} pairs as cookies and queries have them. */
final class Pairs {
    private Pairs() {}

    /** Returns the first value of a name that is not empty, or null. */
    static @Nullable String value(String text, char between, String name) {
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf(between, start);
            if (end < 0) {
                end = text.length();
            }
            int equals = text.indexOf('=', start);
            if (equals >= 0
                    && equals < end
                    && text.substring(start, equals).strip().equals(name)) {
                String value = text.substring(equals + 1, end);
                String shown = between == ';' ? value.strip() : value;
                if (!shown.isEmpty()) {
                    return shown;
                }
            }
            start = end + 1;
        }
        return null;
    }
}
