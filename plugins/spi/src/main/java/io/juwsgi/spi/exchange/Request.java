package io.juwsgi.spi.exchange;

import org.jspecify.annotations.Nullable;

/** A request's head, whatever protocol brought it. Owned by the exchange's event loop. */
public interface Request {

    /** Returns the method as received, such as {@code GET}. */
    String method();

    /** Returns the request target as received, undecoded, such as {@code /a%20b?c=d}; CGI's REQUEST_URI. */
    String target();

    /** Returns the decoded path, each char one byte (ISO 8859-1), dot segments resolved; CGI's PATH_INFO. */
    String path();

    /** Returns the raw query without its question mark; empty when there is none. */
    String query();

    /** Returns the protocol version as CGI writes it, such as {@code HTTP/1.1}. */
    String protocol();

    /** Returns {@code http} or {@code https}. */
    String scheme();

    /** Returns the value of the Host field, or null. */
    @Nullable
    String host();

    /** Returns the header fields. */
    Fields fields();

    /** Returns the client's address without port, such as {@code 127.0.0.1}; empty over a Unix socket. */
    String remoteAddress();

    /** Returns the option that opened the listener by which the request came, such as {@code http-socket}; empty if unknown. */
    default String listener() {
        return "";
    }

    /**
     * Returns which upstream is to answer, as a filter has decided: its name, or {@code SCHEME://ADDRESS} of a server. Empty when
     * none has: then host and path say who answers. See {@link io.juwsgi.spi.balance.UpstreamUser}.
     */
    default String upstream() {
        return "";
    }

    /** Returns the handler's number on the wire (modifier1 of the uwsgi protocol), 0 to 255. */
    int modifier1();

    /** Returns the second handler number on the wire (modifier2 of the uwsgi protocol), 0 to 255. */
    int modifier2();

    /**
     * Gives every CGI variable of this request (RFC 3875 section 4.1, and HTTP_ ones) to {@code sink}, in wire order
     * and, for HTTP, in uWSGI's order. Names may repeat; the last one counts.
     */
    void variables(VariableSink sink);

    /** Takes CGI variables. */
    @FunctionalInterface
    interface VariableSink {

        /**
         * Takes one variable.
         *
         * @param name the name, ASCII
         * @param value the value, each char one byte (ISO 8859-1)
         */
        void variable(String name, String value);
    }
}
