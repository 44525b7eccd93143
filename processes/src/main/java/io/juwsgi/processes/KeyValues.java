package io.juwsgi.processes;

import io.juwsgi.config.ConfigException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Reads {@code key=value,key=value}: double quotes protect commas, a backslash any character. */
public final class KeyValues {
    private KeyValues() {}

    /**
     * Reads a list.
     *
     * @param option whose value it is, for messages
     * @param known the keys that there are
     * @throws ConfigException when a key is not known or has no value
     */
    public static Map<String, String> parse(String option, String text, Set<String> known) {
        Map<String, String> values = new LinkedHashMap<>();
        StringBuilder item = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                item.append(text.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                put(option, item.toString(), known, values);
                item.setLength(0);
            } else {
                item.append(c);
            }
        }
        if (quoted) {
            throw new ConfigException(option + ": " + text + " (expected: a second quotation mark)");
        }
        put(option, item.toString(), known, values);
        return values;
    }

    private static void put(String option, String item, Set<String> known, Map<String, String> values) {
        if (item.isBlank()) {
            return;
        }
        int equals = item.indexOf('=');
        if (equals < 0) {
            throw new ConfigException(option + ": " + item + " (expected: KEY=VALUE)");
        }
        String key = item.substring(0, equals).strip();
        if (!known.contains(key)) {
            throw new ConfigException(option + ": unknown key " + key + " (expected: one of "
                    + String.join(", ", known.stream().sorted().toList()) + ")");
        }
        values.put(key, item.substring(equals + 1));
    }

    /** Reads a whole number of a key, within limits. */
    public static int number(String option, String key, String text, int least, int most) {
        String stripped = text.strip();
        if (stripped.matches("-?[0-9]{1,9}")) {
            int number = Integer.parseInt(stripped);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new ConfigException(option + ": " + key + ": " + text + " (expected: " + least + " to " + most + ")");
    }
}
