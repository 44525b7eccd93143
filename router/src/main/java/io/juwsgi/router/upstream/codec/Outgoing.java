package io.juwsgi.router.upstream.codec;

import io.juwsgi.spi.exchange.Request;

/**
 * A request as an upstream server is to get it.
 *
 * @param request the client's request
 * @param length the length of the body in bytes, 0 when there is none, -1 when only its end will tell
 * @param host the Host to send in place of the client's; empty for the client's
 * @param forwarded what the server is told of the client
 * @param modifier1 the handler's number, 0 to 255; protocols other than uwsgi have none
 * @param modifier2 the second handler number, 0 to 255
 * @param script which file a FastCGI server runs
 * @param keepAlive whether the connection is to be kept open
 * @param upgrade the protocol that the client asks for in place of HTTP; empty for none
 * @param trailers whether the client takes fields behind the answer's body
 */
public record Outgoing(
        Request request,
        long length,
        String host,
        Forwarded forwarded,
        int modifier1,
        int modifier2,
        CgiScript script,
        boolean keepAlive,
        String upgrade,
        boolean trailers) {

    /** What becomes of X-Forwarded-For, -Proto and -Host. */
    public enum Forwarded {
        /** They tell of the client; what it sent itself is dropped. */
        REPLACE,
        /** The client's address is added to X-Forwarded-For; the others are set when they are not there. */
        APPEND,
        /** They go through as the client sent them. */
        KEEP
    }
}
