package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Request;

/** A request as a front made it, with what only the access log asks for. Owned by the exchange's event loop. */
public interface ServerRequest extends Request {
    /** What the types of all its forms begin with. */
    String GRPC = "application/grpc";

    /** Returns the client's port; empty over a Unix socket. */
    String remotePort();

    /** Returns the last CGI variable of this name, or an empty string. */
    default String variable(String wanted) {
        String[] found = {""};
        variables((name, value) -> {
            if (name.equals(wanted)) {
                found[0] = value;
            }
        });
        return found[0];
    }

    /**
     * Returns whether the body is one side of a conversation, as gRPC's are: what the client sends next may depend on the
     * answer, so that nothing of it is gathered before the handler is called, and no pace is asked for.
     */
    default boolean converses() {
        String type = fields().first("content-type");
        return type != null && type.regionMatches(true, 0, GRPC, 0, GRPC.length());
    }

    /** Tells the length of a body that was found only by reading it whole. */
    void bodyLength(long bytes);
}
