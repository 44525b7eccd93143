package io.juwsgi.router.http1;

import io.juwsgi.spi.exchange.Fields;
import org.jspecify.annotations.Nullable;

/**
 * A parsed request head.
 *
 * @param http11 whether the version is 1.1; it is 1.0 otherwise
 * @param host the authority of the target, else the Host field, else null
 * @param length the body's length, 0 without one, -1 when it is chunked
 * @param keepAlive whether the client wants to send another request on this connection
 * @param expectsContinue whether the client waits for 100 before it sends the body
 */
record RequestHead(
        String method,
        RequestTarget target,
        boolean http11,
        Fields fields,
        @Nullable String host,
        long length,
        boolean keepAlive,
        boolean expectsContinue) {

    /** Returns this head with another host, in its Host field, too. */
    RequestHead withHost(String other) {
        fields.set("Host", other);
        return new RequestHead(method, target, http11, fields, other, length, keepAlive, expectsContinue);
    }
}
