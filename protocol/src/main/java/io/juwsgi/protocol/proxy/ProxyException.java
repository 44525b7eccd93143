package io.juwsgi.protocol.proxy;

/** What came is no PROXY header. Has no stack trace. */
public final class ProxyException extends Exception {
    private static final long serialVersionUID = 1;

    ProxyException(String message) {
        super(message, null, false, false);
    }
}
