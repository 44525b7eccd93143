package io.juwsgi.protocol.uwsgi;

/** A block of variables is malformed. Has no stack trace: whoever sends bad bytes shall not cost much. */
public final class UwsgiException extends Exception {
    private static final long serialVersionUID = 1;

    /** Makes one; the message has nothing that was sent. */
    public UwsgiException(String message) {
        super(message, null, false, false);
    }
}
