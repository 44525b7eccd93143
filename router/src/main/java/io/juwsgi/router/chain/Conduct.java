package io.juwsgi.router.chain;

import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.LongAdder;

/** What one extension did wrong: the lines and counts. Any thread may use it. */
final class Conduct {
    private static final System.Logger LOG = System.getLogger(Conduct.class.getName());

    private final String id;
    private final LongAdder exceptions = new LongAdder();
    private final LongAdder blocked = new LongAdder();

    Conduct(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    /** Answers 500 for an exception of the extension; on the exchange's event loop. */
    void threw(Exchange exchange, Throwable thrown) {
        report(exchange.id(), thrown);
        exchange.fail(Failure.gateway(500, "plugin-exception", "The server failed while it answered this request."));
    }

    /** Writes a line about an exception, and counts it: who sees the count finds the line. */
    void report(String requestId, Throwable thrown) {
        LOG.log(Level.ERROR, "request=" + requestId + " plugin=" + id + " failed: " + thrown, thrown);
        exceptions.increment();
    }

    /** Writes a line about an event loop that does not come back from the extension, and counts it. */
    void blocks(String thread, StackTraceElement where) {
        LOG.log(
                Level.WARNING,
                "plugin=" + id + " blocks the event loop " + thread + " for more than " + Watchdog.LIMIT_MILLIS
                        + " ms in " + where);
        blocked.increment();
    }

    ExtensionStats stats() {
        return new ExtensionStats(id, exceptions.sum(), blocked.sum());
    }
}
