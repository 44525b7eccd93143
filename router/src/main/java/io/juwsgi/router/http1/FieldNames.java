package io.juwsgi.router.http1;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Header field names that are met often, so that neither they nor their CGI names are built for each request. */
public final class FieldNames {
    private static final String[] KNOWN = {
        "Host",
        "User-Agent",
        "Accept",
        "Accept-Encoding",
        "Accept-Language",
        "Accept-Charset",
        "Connection",
        "Cookie",
        "Content-Length",
        "Content-Type",
        "Cache-Control",
        "Pragma",
        "Referer",
        "Origin",
        "Authorization",
        "Range",
        "If-Range",
        "If-Match",
        "If-None-Match",
        "If-Modified-Since",
        "If-Unmodified-Since",
        "Upgrade-Insecure-Requests",
        "Sec-Fetch-Site",
        "Sec-Fetch-Mode",
        "Sec-Fetch-Dest",
        "Sec-Fetch-User",
        "Sec-CH-UA",
        "Sec-CH-UA-Mobile",
        "Sec-CH-UA-Platform",
        "Sec-GPC",
        "DNT",
        "TE",
        "Transfer-Encoding",
        "Expect",
        "Upgrade",
        "Via",
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Forwarded-Host",
        "X-Forwarded-Port",
        "X-Real-IP",
        "X-Request-ID",
        "X-Requested-With",
        "X-CSRFToken",
        "Priority",
        "Keep-Alive",
        "Date",
        "Traceparent",
        "Tracestate",
    };

    private static final int SLOTS = 512;
    private static final @Nullable String[] TABLE = new @Nullable String[SLOTS];
    private static final Map<String, String> CGI = new HashMap<>();

    static {
        for (String name : KNOWN) {
            put(name);
            put(name.toLowerCase(Locale.ROOT));
        }
    }

    private FieldNames() {}

    private static void put(String name) {
        if (CGI.putIfAbsent(name, buildCgi(name)) != null) {
            return;
        }
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        int slot = hash(bytes, 0, bytes.length) & (SLOTS - 1);
        while (TABLE[slot] != null) {
            slot = (slot + 1) & (SLOTS - 1);
        }
        TABLE[slot] = name;
    }

    private static int hash(byte[] bytes, int from, int to) {
        int h = to - from;
        for (int i = from; i < to; i++) {
            h = h * 31 + bytes[i];
        }
        return h ^ h >>> 9;
    }

    /** Returns the name that these bytes spell: one shared string where the name is known. */
    static String intern(byte[] bytes, int from, int to) {
        int slot = hash(bytes, from, to) & (SLOTS - 1);
        String candidate;
        while ((candidate = TABLE[slot]) != null) {
            if (spells(candidate, bytes, from, to)) {
                return candidate;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean spells(String name, byte[] bytes, int from, int to) {
        if (name.length() != to - from) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (name.charAt(i - from) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /** Returns the CGI variable for a header field (RFC 3875 section 4.1.18). */
    public static String cgi(String name) {
        String known = CGI.get(name);
        return known != null ? known : buildCgi(name);
    }

    private static String buildCgi(String name) {
        String upper = name.toUpperCase(Locale.ROOT).replace('-', '_');
        return upper.equals("CONTENT_TYPE") || upper.equals("CONTENT_LENGTH") ? upper : "HTTP_".concat(upper);
    }
}
