package io.juwsgi.router.websocket;

/** What a client sent ends its WebSocket, with a code of RFC 6455 section 7.4.1. */
final class CloseException extends Exception {
    private static final long serialVersionUID = 1L;

    static final int PROTOCOL_ERROR = 1002;
    static final int BAD_PAYLOAD = 1007;
    static final int TOO_BIG = 1009;

    private final int code;

    /** Makes one; {@code reason} is for the client, in ASCII. */
    CloseException(int code, String reason) {
        super(reason, null, false, false);
        this.code = code;
    }

    static CloseException protocol(String reason) {
        return new CloseException(PROTOCOL_ERROR, reason);
    }

    int code() {
        return code;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
