package io.juwsgi.router.exchange;

/** Which fields of a handler's response may go out, whatever version of HTTP carries them. */
public final class FieldRules {
    private FieldRules() {}

    /** Returns whether a field is the front's matter (RFC 9110 section 7.6.1); Content-Length is, in its checked form. */
    public static boolean concernsConnection(String name) {
        return switch (name.length()) {
            case 2 -> name.equalsIgnoreCase("te");
            case 7 -> name.equalsIgnoreCase("upgrade");
            case 10 -> name.equalsIgnoreCase("connection") || name.equalsIgnoreCase("keep-alive");
            case 14 -> name.equalsIgnoreCase("content-length");
            case 16 -> name.equalsIgnoreCase("proxy-connection");
            case 17 -> name.equalsIgnoreCase("transfer-encoding");
            default -> false;
        };
    }

    /** Returns whether a field may have this name. */
    public static boolean isName(String name) {
        int size = name.length();
        for (int i = 0; i < size; i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 127 || c == ':') {
                return false;
            }
        }
        return size > 0;
    }

    /** Returns whether a field may have this value: chars are bytes, without control characters other than tabs. */
    public static boolean isValue(String value) {
        int size = value.length();
        for (int i = 0; i < size; i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 127 || c > 255) {
                return false;
            }
        }
        return true;
    }
}
