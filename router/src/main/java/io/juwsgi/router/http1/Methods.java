package io.juwsgi.router.http1;

import java.nio.charset.StandardCharsets;

/** The methods of RFC 9110 and 5789 as shared strings. */
final class Methods {
    private static final String[] KNOWN = {
        "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"
    };

    private Methods() {}

    static String intern(byte[] in, int from, int size) {
        for (String known : KNOWN) {
            if (known.length() == size && spells(known, in, from)) {
                return known;
            }
        }
        return new String(in, from, size, StandardCharsets.ISO_8859_1);
    }

    private static boolean spells(String name, byte[] in, int from) {
        for (int i = 0; i < name.length(); i++) {
            if (in[from + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
