package io.juwsgi.router.upstream;

import org.jspecify.annotations.Nullable;

/**
 * What stands in front of a server's address.
 *
 * @param tls whether connections are encrypted
 */
record Scheme(Protocol protocol, boolean tls) {
    /** All of them, for messages. */
    static final String ALL = "uwsgi, suwsgi, http, https, h2, h2c, fastcgi or scgi";

    /** Returns what a word in front of {@code ://} means, or null. */
    static @Nullable Scheme parse(String word) {
        return switch (word) {
            case "uwsgi" -> new Scheme(Protocol.UWSGI, false);
            case "suwsgi" -> new Scheme(Protocol.UWSGI, true);
            case "http" -> new Scheme(Protocol.HTTP, false);
            case "https" -> new Scheme(Protocol.HTTP, true);
            case "h2" -> new Scheme(Protocol.HTTP2, true);
            case "h2c" -> new Scheme(Protocol.HTTP2, false);
            case "fastcgi" -> new Scheme(Protocol.FASTCGI, false);
            case "scgi" -> new Scheme(Protocol.SCGI, false);
            default -> null;
        };
    }
}
