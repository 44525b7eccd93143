package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Failure;

/** The client's bytes are no request that is served. Has no stack trace: whoever sends bad bytes shall not cost much. */
public final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String why;

    /**
     * Makes one.
     *
     * @param why the cause for the log, in a few words without client data
     * @param reason one sentence for the client
     */
    public BadRequestException(int status, String why, String reason) {
        super(reason, null, false, false);
        this.status = status;
        this.why = why;
    }

    /** Makes one that is answered with 400. */
    public static BadRequestException bad(String why, String reason) {
        return new BadRequestException(400, why, reason);
    }

    /** Returns what the client is told. */
    public Failure failure() {
        return Failure.client(status, why, String.valueOf(getMessage()));
    }
}
