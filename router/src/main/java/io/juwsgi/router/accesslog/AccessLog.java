package io.juwsgi.router.accesslog;

import io.juwsgi.router.exchange.ExchangeLog;
import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.ServerExchange;
import io.juwsgi.spi.LogSink;
import io.juwsgi.spi.exchange.Account;

/** Writes one line for each ended exchange; a failed one says why. Any event loop may write. */
public final class AccessLog implements ExchangeLog {
    private final LogSink sink;
    private final LineFormat format;

    private AccessLog(LogSink sink, LineFormat format) {
        this.sink = sink;
        this.format = format;
    }

    /** Returns a log with uWSGI's default line. */
    public static AccessLog standard(LogSink sink) {
        return new AccessLog(sink, new DefaultLine());
    }

    /** Returns a log whose lines are made as {@code format} says. */
    public static AccessLog of(LogSink sink, String format) {
        return new AccessLog(sink, CompiledFormat.compile(format));
    }

    @Override
    public void ended(ServerExchange exchange, LoopContext loop) {
        StringBuilder line = loop.text();
        format.append(line, exchange, loop);
        Account account = exchange.account();
        String why = account.why();
        if (why != null && !format.saysWhy()) {
            line.append(" why=").append(why).append(" id=").append(exchange.id());
        }
        if (account.endpoint() != null && (why != null || account.tries() > 1) && !format.saysWhy()) {
            line.append(" endpoint=")
                    .append(account.endpoint())
                    .append(" tries=")
                    .append(account.tries());
        }
        sink.line(line.toString());
    }
}
