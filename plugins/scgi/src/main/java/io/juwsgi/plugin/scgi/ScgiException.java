package io.juwsgi.plugin.scgi;

import java.io.Serial;
import java.net.ProtocolException;

/** A request that is not SCGI as it should be; its message is for the client. */
final class ScgiException extends ProtocolException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int status;

    /**
     * Makes one.
     *
     * @param status what to answer
     */
    ScgiException(int status, String reason) {
        super(reason);
        this.status = status;
    }

    int status() {
        return status;
    }
}
