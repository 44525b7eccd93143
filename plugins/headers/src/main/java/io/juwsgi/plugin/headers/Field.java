package io.juwsgi.plugin.headers;

/**
 * A header field as the settings write it.
 *
 * @param name a token (RFC 9110 section 5.1)
 * @param value without control characters
 */
record Field(String name, String value) {
    private static final String SYMBOLS = "!#$%&'*+-.^_`|~";

    /** Reads {@code Name: value}; {@code component} is what a message begins with. */
    static Field parse(String component, String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(component + ": " + text + " (expected: Name: value)");
        }
        String name = text.substring(0, colon).strip();
        checkName(component, name);
        String value = text.substring(colon + 1).strip();
        if (!value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f))) {
            throw new IllegalArgumentException(component + ": " + text + " (expected: a value of printable ASCII)");
        }
        return new Field(name, value);
    }

    static void checkName(String component, String name) {
        if (name.isEmpty() || !name.chars().allMatch(Field::isTokenChar)) {
            throw new IllegalArgumentException(component + ": " + name + " (expected: the name of a header field)");
        }
    }

    private static boolean isTokenChar(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || SYMBOLS.indexOf(c) >= 0;
    }
}
