package io.juwsgi.router.upstream.codec;

/**
 * An upstream server's answer is malformed or incomplete. Has no stack trace: whoever sends bad bytes shall not cost much.
 */
public final class BadAnswerException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean incomplete;

    private BadAnswerException(String message, boolean incomplete) {
        super(message, null, false, false);
        this.incomplete = incomplete;
    }

    /** Returns one for an answer that breaks the protocol; the message says how. */
    static BadAnswerException malformed(String message) {
        return new BadAnswerException(message, false);
    }

    /** Returns one for an answer that ended too early. */
    static BadAnswerException incomplete(String message) {
        return new BadAnswerException(message, true);
    }

    /** Returns whether the answer merely ended too early. */
    public boolean incomplete() {
        return incomplete;
    }
}
