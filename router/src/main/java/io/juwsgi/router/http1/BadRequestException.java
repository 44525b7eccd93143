package io.juwsgi.router.http1;

import io.juwsgi.spi.exchange.Failure;

/** The client's bytes are no request that is served. Has no stack trace: whoever sends bad bytes shall not cost much. */
public final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String why;

    BadRequestException(int status, String why, String reason) {
        super(reason, null, false, false);
        this.status = status;
        this.why = why;
    }

    static BadRequestException bad(String why, String reason) {
        return new BadRequestException(400, why, reason);
    }

    /** Returns it as the end of an exchange. */
    public Failure failure() {
        return Failure.client(status, why, String.valueOf(getMessage()));
    }
}
