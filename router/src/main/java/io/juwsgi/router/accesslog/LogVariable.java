package io.juwsgi.router.accesslog;

import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.ServerExchange;

/** One part of a log line. */
@FunctionalInterface
interface LogVariable {

    /** Appends this part. */
    void append(StringBuilder line, ServerExchange exchange, LoopContext loop);
}
