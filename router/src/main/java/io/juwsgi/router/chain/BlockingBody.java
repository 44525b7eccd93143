package io.juwsgi.router.chain;

import io.juwsgi.router.exchange.PartStream;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.RequestBody;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A request's body as a stream. Filled on the exchange's event loop, read on the handler's thread; the lock guards what
 * both use.
 */
final class BlockingBody extends PartStream implements RequestBody.Receiver {
    /** How many bytes may wait for the reader before the client is read no further. */
    private static final int HIGH = 128 * 1024;

    private static final int LOW = 32 * 1024;

    private final Exchange exchange;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition came = lock.newCondition();
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private boolean paused;
    private boolean ended;
    private boolean closed;
    private @Nullable String failure;
    private Fields trailers = new Fields(0);
    /** The reader's own. */
    private boolean begun;

    BlockingBody(Exchange exchange) {
        this.exchange = exchange;
        this.ended = exchange.body().length() == 0;
    }

    // ---- on the event loop

    @Override
    public void data(Chunk chunk) {
        byte[] bytes = new byte[chunk.size()];
        chunk.bytes().get(bytes);
        chunk.release();
        boolean full = false;
        lock.lock();
        try {
            if (!closed) {
                waiting.add(bytes);
                waitingBytes += bytes.length;
                full = waitingBytes >= HIGH && !paused;
                paused |= full;
                came.signal();
            }
        } finally {
            lock.unlock();
        }
        if (full) {
            exchange.body().pause();
        }
    }

    @Override
    public void end() {
        Fields behind = exchange.body().trailers();
        lock.lock();
        try {
            trailers = behind;
        } finally {
            lock.unlock();
        }
        finish(null);
    }

    @Override
    public void failed(Failure failure) {
        finish(failure.reason());
    }

    /** Says that nothing can come any more; what came can still be read. */
    void exchangeEnded() {
        finish("The exchange has ended.");
    }

    private void finish(@Nullable String reason) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                failure = reason;
                came.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- on the handler's thread

    /** Returns the fields behind the body, once it has ended. */
    Fields trailers() {
        lock.lock();
        try {
            return trailers;
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected byte @Nullable [] next() throws IOException {
        begin();
        boolean resume = false;
        byte[] next;
        lock.lock();
        try {
            while (waiting.isEmpty() && !ended && !closed) {
                came.await();
            }
            next = waiting.poll();
            if (next == null && failure != null) {
                throw new IOException(failure);
            }
            if (next != null) {
                waitingBytes -= next.length;
                resume = paused && waitingBytes <= LOW;
                paused &= !resume;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the request's body");
        } finally {
            lock.unlock();
        }
        if (resume) {
            exchange.eventLoop().execute(exchange.body()::resume);
        }
        return next;
    }

    private void begin() {
        if (!begun) {
            begun = true;
            if (exchange.body().length() != 0) {
                exchange.eventLoop().execute(() -> exchange.body().read(this));
            }
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }
}
