package io.juwsgi.router.worker;

import io.juwsgi.spi.exchange.Account;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import io.juwsgi.spi.exchange.WebSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An exchange of another event loop as the pool's event loop, which owns this object, sees it: each call is handed to
 * the thread that the exchange belongs to, and each callback comes back.
 *
 * <p>The request is read from here without a hop: a handler gets it when it is complete, and nothing changes it then.
 */
final class RemoteExchange implements Exchange, ResponseSink, RequestBody {
    /** How many bytes may be on the way to the other thread before the sink says that it is full. */
    private static final long HIGH = 512 * 1024;

    private final Exchange exchange;
    private final Executor home;
    private final Executor pool;
    private final Account account = new Account();
    private final AtomicLong underway = new AtomicLong();
    private final List<Runnable> endListeners = new ArrayList<>(1);
    private final long bodyLength;
    private boolean ended;
    private boolean full;
    private Fields trailers = new Fields(0);
    private @Nullable Runnable writableListener;

    private RemoteExchange(Exchange exchange, Executor pool) {
        this.exchange = exchange;
        this.home = exchange.eventLoop();
        this.pool = pool;
        this.bodyLength = exchange.body().length();
    }

    /** Gives {@code exchange}, whose thread calls this, to a handler on the thread of {@code pool}. */
    static void handOver(Exchange exchange, Executor pool, Handler handler) {
        RemoteExchange remote = new RemoteExchange(exchange, pool);
        exchange.onEnd(() -> pool.execute(remote::homeEnded));
        exchange.response().onWritable(() -> pool.execute(remote::homeWritable));
        pool.execute(() -> handler.handle(remote));
    }

    /** Sets a variable of the access log, whichever thread the exchange belongs to. */
    static void variable(Exchange exchange, String name, String value) {
        if (exchange instanceof RemoteExchange remote) {
            remote.home.execute(() -> remote.exchange.account().variable(name, value));
        } else {
            exchange.account().variable(name, value);
        }
    }

    /**
     * Accepts a WebSocket, whichever thread the exchange belongs to.
     *
     * @param opened takes it, or null when there is none, on the thread that calls this
     */
    static void webSocket(
            Exchange exchange,
            List<String> protocols,
            WebSocketChannel.Receiver receiver,
            Consumer<@Nullable WebSocketChannel> opened) {
        if (exchange instanceof RemoteExchange remote) {
            RemoteWebSocket.open(remote.exchange, remote.home, remote.pool, protocols, receiver, opened);
        } else {
            opened.accept(exchange.webSocket(protocols, receiver).orElse(null));
        }
    }

    private void homeEnded() {
        ended = true;
        List<Runnable> listeners = List.copyOf(endListeners);
        endListeners.clear();
        listeners.forEach(Runnable::run);
    }

    private void homeWritable() {
        full = false;
        tellWritable();
    }

    private void tellWritable() {
        if (writableListener != null && writable() && !ended) {
            writableListener.run();
        }
    }

    @Override
    public String id() {
        return exchange.id();
    }

    @Override
    public Request request() {
        return exchange.request();
    }

    @Override
    public RequestBody body() {
        return this;
    }

    @Override
    public ResponseSink response() {
        return this;
    }

    @Override
    public Executor eventLoop() {
        return pool;
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public void onEnd(Runnable listener) {
        if (ended) {
            listener.run();
        } else {
            endListeners.add(listener);
        }
    }

    @Override
    public Account account() {
        return account;
    }

    private void settle(int worker, long pid, int core, long micros) {
        Account there = exchange.account();
        if (worker != 0) {
            there.servedBy(worker, pid, core);
            there.serviceMicros(micros);
        }
    }

    /** Ends the exchange: here at once, at home when its thread comes to it. */
    private void finish(Runnable there) {
        if (ended) {
            return;
        }
        int worker = account.workerId();
        long pid = account.workerPid();
        int core = account.core();
        long micros = account.serviceMicros();
        home.execute(() -> {
            settle(worker, pid, core, micros);
            there.run();
        });
        homeEnded();
    }

    @Override
    public void fail(Failure failure) {
        finish(() -> exchange.fail(failure));
    }

    // ---- response

    @Override
    public void head(Response head) {
        home.execute(() -> exchange.response().head(head));
    }

    @Override
    public void interim(Response head) {
        home.execute(() -> exchange.response().interim(head));
    }

    @Override
    public void data(Chunk chunk) {
        if (ended) {
            chunk.release();
            return;
        }
        int size = chunk.size();
        underway.addAndGet(size);
        home.execute(() -> {
            exchange.response().data(chunk);
            arrived(size);
        });
    }

    @Override
    public void file(FileRegion region) {
        home.execute(() -> {
            exchange.response().file(region);
            arrived(0);
        });
    }

    /** On the exchange's own thread: some bytes are in its sink. */
    private void arrived(long size) {
        long before = underway.getAndAdd(-size);
        if (!exchange.response().writable()) {
            pool.execute(() -> full = !ended);
            // The sink may have become writable since: its callback is then behind this one in the pool's queue.
        } else if (before >= HIGH && before - size < HIGH) {
            pool.execute(this::tellWritable);
        }
    }

    @Override
    public void trailers(Fields trailers) {
        home.execute(() -> exchange.response().trailers(trailers));
    }

    @Override
    public void end() {
        finish(() -> exchange.response().end());
    }

    @Override
    public boolean writable() {
        return !full && underway.get() < HIGH;
    }

    @Override
    public void onWritable(Runnable listener) {
        writableListener = listener;
    }

    // ---- request body

    @Override
    public long length() {
        return bodyLength;
    }

    @Override
    public void read(Receiver receiver) {
        home.execute(() -> exchange.body().read(new Receiver() {
            @Override
            public void data(Chunk chunk) {
                pool.execute(() -> receiver.data(chunk));
            }

            @Override
            public void end() {
                Fields behind = exchange.body().trailers();
                pool.execute(() -> {
                    trailers = behind;
                    receiver.end();
                });
            }

            @Override
            public void failed(Failure failure) {
                pool.execute(() -> receiver.failed(failure));
            }
        }));
    }

    @Override
    public Fields trailers() {
        return trailers;
    }

    @Override
    public void pause() {
        home.execute(() -> exchange.body().pause());
    }

    @Override
    public void resume() {
        home.execute(() -> exchange.body().resume());
    }
}
