package io.juwsgi.router.upstream.codec;

/** A request's head or body is too large for the upstream's protocol, or its length must be known and is not. */
public final class BadRequestLength extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    /**
     * Makes one.
     *
     * @param status the status for the client
     * @param reason one sentence for the client
     */
    BadRequestLength(int status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    /** Returns the status for the client. */
    public int status() {
        return status;
    }
}
