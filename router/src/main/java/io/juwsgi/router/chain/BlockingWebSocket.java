package io.juwsgi.router.chain;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.WebSocket;
import io.juwsgi.spi.exchange.WebSocketChannel;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket whose handler may block. Filled on the exchange's event loop, used by the handler's threads; the lock guards
 * what both use.
 */
final class BlockingWebSocket implements WebSocket, WebSocketChannel.Receiver {
    /** How many bytes may wait for the receiver before the client is read no further. */
    private static final int HIGH = 128 * 1024;

    private static final int LOW = 32 * 1024;

    /** What an empty message counts, so that a flood of them is held back, too. */
    private static final int OVERHEAD = 64;

    private final Exchange exchange;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Message> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private boolean paused;
    private boolean room = true;
    private int closeCode;
    /** The event loop's own, set before the handler's thread goes on. */
    private @Nullable WebSocketChannel channel;

    private @Nullable String protocol;

    BlockingWebSocket(Exchange exchange) {
        this.exchange = exchange;
    }

    // ---- on the event loop

    void open(WebSocketChannel channel) {
        this.channel = channel;
        this.protocol = channel.protocol();
        channel.onWritable(this::roomAgain);
    }

    @Override
    public void message(boolean text, Chunk payload) {
        byte[] bytes = new byte[payload.size()];
        payload.bytes().get(bytes);
        payload.release();
        boolean full;
        lock.lock();
        try {
            waiting.add(new Message(text, bytes));
            waitingBytes += bytes.length + OVERHEAD;
            full = waitingBytes >= HIGH && !paused;
            paused |= full;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (full && channel != null) {
            channel.pause();
        }
    }

    @Override
    public void closed(int code) {
        lock.lock();
        try {
            closeCode = code;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void roomAgain() {
        lock.lock();
        try {
            room = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void deliver(boolean text, byte[] data) {
        WebSocketChannel to = channel;
        if (to != null) {
            to.send(text, Chunk.of(data));
            if (to.writable()) {
                roomAgain();
            }
        }
    }

    // ---- on the handler's threads

    @Override
    public @Nullable String protocol() {
        return protocol;
    }

    @Override
    public @Nullable Message receive() throws IOException {
        boolean resume;
        Message next;
        lock.lock();
        try {
            while (waiting.isEmpty() && closeCode == 0) {
                changed.await();
            }
            next = waiting.poll();
            if (next == null) {
                return null;
            }
            waitingBytes -= next.data().length + OVERHEAD;
            resume = paused && waitingBytes <= LOW;
            paused &= !resume;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a message");
        } finally {
            lock.unlock();
        }
        if (resume) {
            exchange.eventLoop().execute(this::readOn);
        }
        return next;
    }

    private void readOn() {
        if (channel != null) {
            channel.resume();
        }
    }

    @Override
    public void send(String text) throws IOException {
        send(true, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void send(byte[] data) throws IOException {
        send(false, data.clone());
    }

    private void send(boolean text, byte[] data) throws IOException {
        lock.lock();
        try {
            while (!room && closeCode == 0) {
                changed.await();
            }
            if (closeCode != 0) {
                throw new IOException("the WebSocket is closed with " + closeCode);
            }
            room = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the client");
        } finally {
            lock.unlock();
        }
        exchange.eventLoop().execute(() -> deliver(text, data));
    }

    @Override
    public void close(int code, String reason) {
        exchange.eventLoop().execute(() -> {
            if (channel != null) {
                channel.close(code, reason);
            }
        });
    }

    @Override
    public int closeCode() {
        lock.lock();
        try {
            return closeCode;
        } finally {
            lock.unlock();
        }
    }
}
