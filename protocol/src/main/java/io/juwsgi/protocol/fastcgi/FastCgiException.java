package io.juwsgi.protocol.fastcgi;

/** A record is malformed. Has no stack trace: whoever sends bad bytes shall not cost much. */
public final class FastCgiException extends Exception {
    private static final long serialVersionUID = 1;

    /** Makes one; the message has nothing that was sent but numbers. */
    public FastCgiException(String message) {
        super(message, null, false, false);
    }
}
