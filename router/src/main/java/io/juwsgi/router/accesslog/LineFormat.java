package io.juwsgi.router.accesslog;

import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.ServerExchange;

/** Makes the line of an exchange. */
interface LineFormat {

    /** Appends the line of {@code exchange}. */
    void append(StringBuilder line, ServerExchange exchange, LoopContext loop);

    /** Returns whether the line itself tells why a request failed. */
    boolean saysWhy();
}
