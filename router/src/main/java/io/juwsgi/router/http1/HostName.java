package io.juwsgi.router.http1;

/** What may stand in a Host field: a name or address and perhaps a port (RFC 3986 section 3.2). */
final class HostName {
    private HostName() {}

    /** Returns whether {@code text} is {@code name}, {@code name:port} or the same with an address in brackets. */
    static boolean valid(String text) {
        int size = text.length();
        int i = 0;
        if (size > 0 && text.charAt(0) == '[') {
            i = text.indexOf(']') + 1;
            if (i < 4 || !address(text, i - 1)) {
                return false;
            }
        } else {
            while (i < size && nameChar(text.charAt(i))) {
                i++;
            }
        }
        if (i == size) {
            return true;
        }
        if (text.charAt(i) != ':' || size - i > 6) {
            return false;
        }
        for (int j = i + 1; j < size; j++) {
            if (text.charAt(j) < '0' || text.charAt(j) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean address(String text, int end) {
        for (int i = 1; i < end; i++) {
            char c = text.charAt(i);
            if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
                return false;
            }
        }
        return true;
    }

    private static boolean nameChar(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "-._~%!$&'()*+;=".indexOf(c) >= 0;
    }
}
