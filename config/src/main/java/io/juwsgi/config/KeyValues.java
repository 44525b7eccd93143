package io.juwsgi.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A text of pairs, {@code name=app,servers=10.0.0.1:80|10.0.0.2:80}: commas part the pairs, bars the values of one; a
 * backslash takes the meaning from the comma, bar or backslash behind it. Immutable.
 */
public record KeyValues(List<Pair> pairs) {

    /** A key with its values, at least one. */
    public record Pair(String key, List<String> values) {}

    public KeyValues {
        pairs = List.copyOf(pairs);
    }

    /**
     * Takes a text apart.
     *
     * @throws IllegalArgumentException when a part has no key; the message names the part
     */
    public static KeyValues parse(String text) {
        List<Pair> pairs = new ArrayList<>();
        for (String part : split(text, ',')) {
            if (part.isBlank()) {
                continue;
            }
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(part.strip() + " (expected: key=value)");
            }
            List<String> values = new ArrayList<>();
            for (String value : split(part.substring(equals + 1), '|')) {
                values.add(unescaped(value));
            }
            pairs.add(new Pair(part.substring(0, equals).strip(), List.copyOf(values)));
        }
        return new KeyValues(pairs);
    }

    /** Returns the first value of a key. */
    public Optional<String> first(String key) {
        return pairs.stream()
                .filter(pair -> pair.key().equals(key))
                .map(pair -> pair.values().getFirst())
                .findFirst();
    }

    /** Returns a value as it must be written to mean itself. */
    static String escaped(String value) {
        return value.replace("\\", "\\\\").replace(",", "\\,").replace("|", "\\|");
    }

    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == separator) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text.strip();
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escapes = c == '\\' && i + 1 < text.length() && ",|\\".indexOf(text.charAt(i + 1)) >= 0;
            out.append(escapes ? text.charAt(++i) : c);
        }
        return out.toString().strip();
    }
}
