package io.juwsgi.router.worker;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.WebSocketChannel;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket of another event loop as the pool's event loop sees it: calls are handed to the thread that the exchange belongs to,
 * messages come back. Owned by the pool's event loop, but for what says otherwise.
 */
final class RemoteWebSocket implements WebSocketChannel, WebSocketChannel.Receiver {
    /** How many bytes of messages may be on the way to the other thread before the sender is told to wait. */
    private static final long HIGH = 512 * 1024;

    private final Executor home;
    private final Executor pool;
    private final WebSocketChannel.Receiver receiver;
    private final AtomicLong underway = new AtomicLong();
    /** Owned by the exchange's thread. */
    private @Nullable WebSocketChannel channel;

    private @Nullable Runnable writableListener;
    private @Nullable String protocol;
    private volatile boolean writable = true;

    private RemoteWebSocket(Executor home, Executor pool, WebSocketChannel.Receiver receiver) {
        this.home = home;
        this.pool = pool;
        this.receiver = receiver;
    }

    static void open(
            Exchange exchange,
            Executor home,
            Executor pool,
            List<String> protocols,
            WebSocketChannel.Receiver receiver,
            Consumer<@Nullable WebSocketChannel> opened) {
        RemoteWebSocket remote = new RemoteWebSocket(home, pool, receiver);
        home.execute(() -> {
            WebSocketChannel made = exchange.webSocket(protocols, remote).orElse(null);
            remote.channel = made;
            if (made == null) {
                pool.execute(() -> opened.accept(null));
                return;
            }
            made.onWritable(remote::homeWritable);
            String agreed = made.protocol();
            pool.execute(() -> {
                remote.protocol = agreed;
                opened.accept(remote);
            });
        });
    }

    private void homeWritable() {
        writable = true;
        pool.execute(this::tellWritable);
    }

    private void tellWritable() {
        if (writableListener != null && writable()) {
            writableListener.run();
        }
    }

    private void there(Consumer<WebSocketChannel> act) {
        home.execute(() -> {
            if (channel != null) {
                act.accept(channel);
            }
        });
    }

    @Override
    public @Nullable String protocol() {
        return protocol;
    }

    @Override
    public void send(boolean text, Chunk payload) {
        int size = payload.size();
        underway.addAndGet(size);
        there(open -> {
            open.send(text, payload);
            writable = open.writable();
            long before = underway.getAndAdd(-size);
            if (writable && before >= HIGH && before - size < HIGH) {
                pool.execute(this::tellWritable);
            }
        });
    }

    @Override
    public void close(int code, String reason) {
        there(open -> open.close(code, reason));
    }

    @Override
    public boolean writable() {
        return writable && underway.get() < HIGH;
    }

    @Override
    public void onWritable(Runnable listener) {
        writableListener = listener;
    }

    @Override
    public void pause() {
        there(WebSocketChannel::pause);
    }

    @Override
    public void resume() {
        there(WebSocketChannel::resume);
    }

    /** On the exchange's thread. */
    @Override
    public void message(boolean text, Chunk payload) {
        pool.execute(() -> receiver.message(text, payload));
    }

    /** On the exchange's thread. */
    @Override
    public void closed(int code) {
        pool.execute(() -> receiver.closed(code));
    }
}
