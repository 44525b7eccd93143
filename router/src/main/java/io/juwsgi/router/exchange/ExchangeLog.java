package io.juwsgi.router.exchange;

/** Takes each exchange when it has ended: the access log, or nothing. Called on event loops. */
@FunctionalInterface
public interface ExchangeLog {

    /** Takes an ended exchange; {@code loop} lends its clock and buffers. */
    void ended(ServerExchange exchange, LoopContext loop);
}
