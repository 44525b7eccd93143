package io.juwsgi.router.accesslog;

import io.juwsgi.router.exchange.ExchangeLog;
import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.ServerExchange;
import io.juwsgi.spi.LogSink;
import io.juwsgi.spi.exchange.Account;

/** Writes one line for each ended exchange; a failed one says why. Any event loop may write. */
public final class AccessLog implements ExchangeLog {
    private final LogSink sink;
    private final Selection selection;
    private final LineFormat format;

    private AccessLog(LogSink sink, Selection selection, LineFormat format) {
        this.sink = sink;
        this.selection = selection;
        this.format = format;
    }

    /** Returns a log of the selected exchanges. */
    public static ExchangeLog of(LogSink sink, Selection selection, LineStyle style) {
        return selection.none() ? (exchange, loop) -> {} : new AccessLog(sink, selection, style.line());
    }

    @Override
    public void ended(ServerExchange exchange, LoopContext loop) {
        if (exchange.account().isUnlogged() || !selection.wants(exchange)) {
            return;
        }
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
