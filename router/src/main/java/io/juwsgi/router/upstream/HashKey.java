package io.juwsgi.router.upstream;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What of a request decides where it goes when an upstream balances by hash: {@code client}, {@code host}, {@code uri},
 * {@code path}, {@code header:NAME} or {@code cookie:NAME}. A request without the header or cookie counts by its client.
 *
 * @param kind the word before the colon
 * @param name the word behind it, empty when there is none
 */
record HashKey(Kind kind, String name) {

    /** Where the key is found. */
    enum Kind {
        CLIENT,
        HOST,
        URI,
        PATH,
        HEADER,
        COOKIE
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException when it has another form
     */
    static HashKey parse(String text) {
        int colon = text.indexOf(':');
        String word = (colon < 0 ? text : text.substring(0, colon)).toUpperCase(Locale.ROOT);
        String name = colon < 0 ? "" : text.substring(colon + 1).strip();
        for (Kind kind : Kind.values()) {
            boolean needsName = kind == Kind.HEADER || kind == Kind.COOKIE;
            if (kind.name().equals(word) && needsName != name.isEmpty()) {
                return new HashKey(kind, name);
            }
        }
        throw new IllegalArgumentException(
                "hashKey: " + text + " (expected: client, host, uri, path, header:NAME or cookie:NAME)");
    }

    /** Returns the hash of the key: the same in every process. */
    long of(Request request) {
        String value = value(request);
        return hash(value == null ? request.remoteAddress() : value);
    }

    private @Nullable String value(Request request) {
        return switch (kind) {
            case CLIENT -> request.remoteAddress();
            case HOST -> request.host();
            case URI -> request.target();
            case PATH -> request.path();
            case HEADER -> request.fields().first(name);
            case COOKIE -> cookie(request.fields());
        };
    }

    private @Nullable String cookie(Fields fields) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).equalsIgnoreCase("cookie")) {
                for (String pair : fields.value(i).split(";", -1)) {
                    String one = pair.strip();
                    if (one.startsWith(name) && one.startsWith("=", name.length())) {
                        return one.substring(name.length() + 1);
                    }
                }
            }
        }
        return null;
    }

    /** FNV-1a, then mixed so that every bit counts. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        long z = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
