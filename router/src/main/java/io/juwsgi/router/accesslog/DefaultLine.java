package io.juwsgi.router.accesslog;

import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.ServerExchange;
import io.juwsgi.router.exchange.ServerRequest;
import io.juwsgi.spi.exchange.Account;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** uWSGI's default request line, which many tools read. */
final class DefaultLine implements LineFormat {
    /** Workers above this number share their counts. */
    private static final int COUNTED_WORKERS = 1024;

    private static final long OWN_PID = ProcessHandle.current().pid();

    private final AtomicLongArray ofWorker = new AtomicLongArray(COUNTED_WORKERS);
    private final AtomicLong ofAll = new AtomicLong();

    @Override
    public boolean saysWhy() {
        return false;
    }

    @Override
    public void append(StringBuilder line, ServerExchange exchange, LoopContext loop) {
        ServerRequest request = exchange.request();
        Account account = exchange.account();
        PacketSize packet = PacketSize.of(request);
        line.append("[pid: ").append(account.workerPid() == 0 ? OWN_PID : account.workerPid());
        line.append("|app: 0|req: ").append(ofWorker.incrementAndGet(account.workerId() & (COUNTED_WORKERS - 1)));
        line.append('/').append(ofAll.incrementAndGet()).append("] ");
        Escaped.append(line, request.remoteAddress());
        line.append(" (");
        Escaped.append(line, request.variable("REMOTE_USER"));
        line.append(") {").append(packet.count()).append(" vars in ").append(packet.bytes());
        line.append(" bytes} [").append(loop.ctime()).append("] ");
        Escaped.append(line, request.method());
        line.append(' ');
        Escaped.append(line, request.target());
        line.append(" => generated ").append(exchange.bodyBytes()).append(" bytes in ");
        line.append(exchange.elapsedNanos() / 1_000_000).append(" msecs (");
        Escaped.append(line, request.protocol());
        line.append(' ').append(exchange.status()).append(") ");
        line.append(exchange.fieldCount()).append(" headers in ").append(exchange.headBytes());
        line.append(" bytes (0 switches on core ")
                .append(Math.max(account.core(), 0))
                .append(')');
    }
}
