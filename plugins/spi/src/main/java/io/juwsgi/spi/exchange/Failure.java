package io.juwsgi.spi.exchange;

/**
 * Why an exchange did not get its response.
 *
 * @param status the status for the client, 400 to 599
 * @param source whose fault it is
 * @param why a stable short word for logs and counters, such as {@code worker-died}
 * @param reason one sentence for the client and the log, free of secrets and internals
 */
public record Failure(int status, Source source, String why, String reason) {

    /** Whose fault a failure is. */
    public enum Source {
        /** The client broke a rule or went away. */
        CLIENT,
        /** juwsgi itself: a limit, a stop, a bug. */
        GATEWAY,
        /** The application or an upstream server. */
        UPSTREAM
    }

    public Failure {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("failure status: " + status + " (expected: 400 to 599)");
        }
    }

    /** Returns a failure that is the client's fault. */
    public static Failure client(int status, String why, String reason) {
        return new Failure(status, Source.CLIENT, why, reason);
    }

    /** Returns a failure that is juwsgi's own. */
    public static Failure gateway(int status, String why, String reason) {
        return new Failure(status, Source.GATEWAY, why, reason);
    }

    /** Returns a failure that is the application's or an upstream's fault. */
    public static Failure upstream(int status, String why, String reason) {
        return new Failure(status, Source.UPSTREAM, why, reason);
    }
}
