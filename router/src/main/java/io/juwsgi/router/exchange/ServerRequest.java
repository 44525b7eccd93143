package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Request;

/** A request as a front made it, with what only the access log asks for. Owned by the exchange's event loop. */
public interface ServerRequest extends Request {

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

    /** Tells the length of a body that was found only by reading it whole. */
    void bodyLength(long bytes);
}
