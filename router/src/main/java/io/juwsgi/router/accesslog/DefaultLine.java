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

    private static final int MEBI = 1024 * 1024;

    private final LogVariables variables;
    private final boolean micros;
    private final boolean memory;
    private final AtomicLongArray ofWorker = new AtomicLongArray(COUNTED_WORKERS);
    private final AtomicLong ofAll = new AtomicLong();

    DefaultLine(LogVariables variables, boolean micros, boolean memory) {
        this.variables = variables;
        this.micros = micros;
        this.memory = memory;
    }

    @Override
    public boolean saysWhy() {
        return false;
    }

    @Override
    public void append(StringBuilder line, ServerExchange exchange, LoopContext loop) {
        ServerRequest request = exchange.request();
        Account account = exchange.account();
        PacketSize packet = PacketSize.of(request);
        if (memory) {
            memory(line, variables.memory(exchange, loop));
        }
        line.append("[pid: ").append(LogVariables.pid(exchange));
        line.append("|app: 0|req: ").append(ofWorker.incrementAndGet(account.workerId() & (COUNTED_WORKERS - 1)));
        line.append('/').append(ofAll.incrementAndGet()).append("] ");
        Escaped.append(line, variables.address(exchange));
        line.append(" (");
        Escaped.append(line, request.variable("REMOTE_USER"));
        line.append(") {").append(packet.count()).append(" vars in ").append(packet.bytes());
        line.append(" bytes} [").append(loop.ctime()).append("] ");
        Escaped.append(line, request.method());
        line.append(' ');
        Escaped.append(line, request.target());
        line.append(" => generated ").append(exchange.bodyBytes()).append(" bytes in ");
        line.append(exchange.elapsedNanos() / (micros ? 1_000 : 1_000_000)).append(micros ? " micros" : " msecs");
        line.append(exchange.fileSent() ? " via sendfile() (" : " (");
        Escaped.append(line, request.protocol());
        line.append(' ').append(exchange.status()).append(") ");
        line.append(exchange.fieldCount()).append(" headers in ").append(exchange.headBytes());
        line.append(" bytes (0 switches on core ")
                .append(Math.max(account.core(), 0))
                .append(')');
    }

    private static void memory(StringBuilder line, WorkerMemory.Reading memory) {
        line.append("{address space usage: ")
                .append(memory.vsz())
                .append(" bytes/")
                .append(memory.vsz() / MEBI);
        line.append("MB} {rss usage: ").append(memory.rss()).append(" bytes/").append(memory.rss() / MEBI);
        line.append("MB} ");
    }
}
