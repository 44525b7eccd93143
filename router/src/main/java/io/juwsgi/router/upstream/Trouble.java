package io.juwsgi.router.upstream;

import io.juwsgi.spi.exchange.Failure;

/** What goes wrong with an upstream, with the word for the access log and the sentence for the client. */
enum Trouble {
    /** Nothing listens there. */
    REFUSED(502, "upstream-refused", "The server that is to answer cannot be reached."),
    /** Another reason why there is no connection. */
    UNREACHABLE(502, "upstream-unreachable", "The server that is to answer cannot be reached."),
    /** There is a connection, but it cannot be encrypted, or not to whom it should. */
    TLS(502, "upstream-tls", "The server that is to answer cannot be reached by a secure connection."),
    /** The connection was not there in time. */
    CONNECT_TIMEOUT(504, "upstream-connect-timeout", "The server that is to answer cannot be reached in time."),
    /** The connection ended before the answer began. */
    RESET(502, "upstream-reset", "The server that is to answer closed the connection without an answer."),
    /** The server ends the connection and says that it has not looked at the request (RFC 9113 section 6.8). */
    UNSEEN(502, "upstream-unseen", "The server that is to answer gave the request back."),
    /** No answer began in time. */
    TIMEOUT(504, "upstream-timeout", "The server that is to answer did not answer in time."),
    /** No answer began in the time for all tries together. */
    TOTAL_TIMEOUT(504, "upstream-total-timeout", "No server answered in time."),
    /** What came is no answer. */
    BAD_ANSWER(502, "upstream-bad-answer", "The server that is to answer sent a response that is not valid."),
    /** The connection ended in the middle of the answer. */
    CUT(502, "upstream-cut", "The response ended before it was complete."),
    /** The answer stopped in the middle. */
    STALLED(504, "upstream-stalled", "The response stopped before it was complete."),
    /** All endpoints that are well have as many requests as they may. */
    FULL(503, "upstream-full", "Too many requests wait for the servers that are to answer."),
    /** It waited for an endpoint until its time was over. */
    QUEUED(503, "upstream-queue-timeout", "Too many requests wait for the servers that are to answer."),
    /** Every endpoint is down, resting, or has failed this request. */
    NO_ENDPOINT(503, "no-endpoint", "No server is available to answer this request.");

    @SuppressWarnings("Immutable") // A failure is a record of texts and numbers.
    private final Failure failure;

    Trouble(int status, String why, String reason) {
        failure = Failure.upstream(status, why, reason);
    }

    /** Returns it as the end of an exchange. */
    Failure failure() {
        return failure;
    }

    /** Returns the word for logs. */
    String why() {
        return failure.why();
    }

    /** Returns whether no byte of the request can have been seen by an application. */
    boolean beforeRequest() {
        return switch (this) {
            case REFUSED, UNREACHABLE, CONNECT_TIMEOUT, TLS, UNSEEN -> true;
            default -> false;
        };
    }
}
