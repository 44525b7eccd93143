package io.juwsgi.router.front;

import io.juwsgi.router.exchange.InboundBody;
import io.juwsgi.spi.exchange.Failure;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Carries the rest of a request's body from the stream that a front gives to its exchange, as the handler wants it: on a virtual
 * thread of its own, so that an answer may come before the body's end. One part is under way at a time.
 */
final class BodyPump {
    private static final int PART = 32 * 1024;

    private final InputStream from;
    private final long limit;
    private final Executor loop;
    private final Runnable delivered;
    private final Semaphore wanted = new Semaphore(0);
    /** Guarded by the event loop. */
    private @Nullable InboundBody to;

    private volatile @Nullable Thread thread;
    private boolean asked;

    private volatile long rest;
    /** The thread's own: how much of a body of unknown length it has read. */
    private long carried;

    private volatile boolean whole;
    private volatile boolean stopped;

    /**
     * Makes a pump.
     *
     * @param rest how many bytes are to come, -1 when only the stream's end will tell
     * @param limit the largest body of unknown length, in bytes
     * @param delivered hears on the event loop that a part was handed over
     */
    BodyPump(InputStream from, long rest, long limit, Executor loop, Runnable delivered) {
        this.from = from;
        this.limit = limit;
        this.rest = rest;
        this.loop = loop;
        this.delivered = delivered;
        this.whole = rest == 0;
    }

    // ---- on the event loop

    /** Hears that the handler takes data now. */
    void want(InboundBody body, String name) {
        to = body;
        if (stopped) {
            return;
        }
        if (thread == null) {
            thread = Thread.ofVirtual().name(name).start(this::run);
        }
        if (!asked) {
            asked = true;
            wanted.release();
        }
    }

    private void deliver(byte[] bytes, int count, boolean last) {
        InboundBody body = to;
        if (body == null) {
            return;
        }
        asked = false;
        if (count > 0) {
            body.data(Unpooled.wrappedBuffer(bytes, 0, count));
        }
        if (last) {
            body.end();
        } else if (body.wanted() && !asked) {
            asked = true;
            wanted.release();
        }
        delivered.run();
    }

    private void fail(Failure failure) {
        if (to != null) {
            to.fail(failure);
        }
    }

    private static Failure failure(IOException e) {
        return e instanceof SocketTimeoutException
                ? Failure.client(408, "body-timeout", "The request body did not arrive in time.")
                : Failure.client(400, "body-cut-off", "The request body is not complete.");
    }

    /** Ends the thread: the exchange is over. */
    void stop() {
        stopped = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    // ---- on any thread

    /** Returns whether all of the body was taken from the stream. */
    boolean whole() {
        return whole;
    }

    /** Ends the thread and waits for that: the stream is the caller's again. Returns whether all of it was taken. */
    boolean finish() {
        stop();
        Thread running = thread;
        if (running != null) {
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return whole;
    }

    // ---- on its own thread

    private void run() {
        try {
            while (!whole) {
                wanted.acquire();
                carry();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            loop.execute(() -> fail(failure(e)));
        } catch (RuntimeException e) {
            // The plugin's stream.
            loop.execute(() -> fail(failure(new IOException(e))));
            throw e;
        }
    }

    private void carry() throws IOException {
        long left = rest;
        byte[] part = new byte[left < 0 ? PART : (int) Math.min(PART, left)];
        int count = from.read(part);
        if (count < 0 && left > 0) {
            throw new IOException("the request body is not complete");
        }
        if (left > 0) {
            rest = left - count;
        } else if (count > 0) {
            carried += count;
            if (carried > limit) {
                // No more is wanted after this, until the exchange ends the thread.
                loop.execute(() -> fail(
                        Failure.client(413, "body-too-large", "The request body is larger than " + limit + " bytes.")));
                return;
            }
        }
        boolean last = count < 0 || (left > 0 && left == count);
        whole = last;
        loop.execute(() -> deliver(part, count, last));
    }
}
