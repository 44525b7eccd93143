package io.juwsgi.router.upstream;

import io.juwsgi.router.upstream.codec.Codec;
import io.juwsgi.router.upstream.codec.FastCgiCodec;
import io.juwsgi.router.upstream.codec.HttpCodec;
import io.juwsgi.router.upstream.codec.ScgiCodec;
import io.juwsgi.router.upstream.codec.UwsgiCodec;

/** What is spoken to an upstream server. */
enum Protocol {
    /** The uwsgi protocol: uWSGI, juwsgi. */
    UWSGI(false),
    /** HTTP/1.1. */
    HTTP(true),
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

    /** Returns what speaks this protocol on one connection. */
    Codec codec() {
        return switch (this) {
            case UWSGI -> new UwsgiCodec();
            case HTTP -> new HttpCodec();
            case FASTCGI -> new FastCgiCodec();
            case SCGI -> new ScgiCodec();
        };
    }
}
