package io.juwsgi.router.accesslog;

import io.juwsgi.router.exchange.ServerExchange;

/**
 * Which ended exchanges get a line. The special cases matter when {@code all} is off.
 *
 * @param all every one
 * @param clientErrors those with 4xx
 * @param serverErrors those with 5xx
 * @param slowMillis those that took so many milliseconds; -1 for none
 * @param bigBytes those with more bytes of body; -1 for none
 * @param empty those without a body
 * @param files those that were answered from a file
 * @param ioErrors those whose client's connection broke
 */
public record Selection(
        boolean all,
        boolean clientErrors,
        boolean serverErrors,
        int slowMillis,
        int bigBytes,
        boolean empty,
        boolean files,
        boolean ioErrors) {

    /** Returns whether no exchange gets a line. */
    boolean none() {
        return !(all || clientErrors || serverErrors || slowMillis >= 0 || bigBytes >= 0 || empty || files || ioErrors);
    }

    boolean wants(ServerExchange exchange) {
        if (all) {
            return true;
        }
        int hundreds = exchange.status() / 100;
        return (clientErrors && hundreds == 4)
                || (serverErrors && hundreds == 5)
                || (slowMillis >= 0 && exchange.elapsedNanos() / 1_000_000 >= slowMillis)
                || (bigBytes >= 0 && exchange.bodyBytes() > bigBytes)
                || (empty && exchange.bodyBytes() == 0)
                || (files && exchange.fileSent())
                || (ioErrors && IoErrors.any(exchange));
    }
}
