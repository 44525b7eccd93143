package io.juwsgi.router.upstream;

import io.juwsgi.router.upstream.codec.Codec;
import io.juwsgi.router.upstream.codec.FastCgiCodec;
import io.juwsgi.router.upstream.codec.HttpCodec;
import io.juwsgi.router.upstream.codec.ScgiCodec;
import io.juwsgi.router.upstream.codec.UwsgiCodec;
import java.util.List;

/** What is spoken to an upstream server. */
enum Protocol {
    /** The uwsgi protocol: uWSGI, juwsgi. */
    UWSGI(false),
    /** HTTP/1.1. */
    HTTP(true),
    /** HTTP/2: over TLS as ALPN agrees, or in plain text without asking (RFC 9113 section 3.3). */
    HTTP2(true),
    /** FastCGI: PHP-FPM. */
    FASTCGI(false),
    /** SCGI. */
    SCGI(false);

    private final boolean streamsUnknownLength;

    Protocol(boolean streamsUnknownLength) {
        this.streamsUnknownLength = streamsUnknownLength;
    }

    /** Returns whether a body can be sent before its length is known. */
    boolean streamsUnknownLength() {
        return streamsUnknownLength;
    }

    /** Returns what ALPN calls it, best first; empty when it has no name there. */
    List<String> names() {
        return switch (this) {
            case HTTP -> List.of("http/1.1");
            case HTTP2 -> List.of("h2");
            case UWSGI, FASTCGI, SCGI -> List.of();
        };
    }

    /** Returns what speaks this protocol on one connection. */
    Codec codec() {
        return switch (this) {
            case UWSGI -> new UwsgiCodec();
            case HTTP -> new HttpCodec();
            case HTTP2 -> throw new IllegalStateException("HTTP/2 has streams, not one answer after the other");
            case FASTCGI -> new FastCgiCodec();
            case SCGI -> new ScgiCodec();
        };
    }
}
