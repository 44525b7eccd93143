package io.juwsgi.testkit;

import io.juwsgi.spi.exchange.Chunk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The rules of the SPI that an exchange watches over, and how they were broken. Any thread may use it. */
final class Rules {
    private final Executor loop;
    private final List<String> broken = new ArrayList<>();
    private final AtomicInteger held = new AtomicInteger();

    Rules(Executor loop) {
        this.loop = loop;
    }

    /** Notes a call on another thread than the one that owns the exchange. */
    void onLoop(String call) {
        if (loop instanceof TestLoop own && !own.isCurrent()) {
            broken(call + " was called on thread " + Thread.currentThread().getName()
                    + " (expected: the exchange's event loop)");
        }
    }

    void broken(String how) {
        synchronized (broken) {
            broken.add(how);
        }
    }

    /** Returns a chunk that notes when it is released twice, and counts as held until it is released. */
    Chunk tracked(Chunk chunk) {
        held.incrementAndGet();
        return new Tracked(chunk);
    }

    /** Returns how many tracked chunks nobody has released. */
    int held() {
        return held.get();
    }

    List<String> all() {
        synchronized (broken) {
            return List.copyOf(broken);
        }
    }

    private final class Tracked implements Chunk {
        private final Chunk chunk;
        private final AtomicBoolean released = new AtomicBoolean();

        Tracked(Chunk chunk) {
            this.chunk = chunk;
        }

        @Override
        public int size() {
            return chunk.size();
        }

        @Override
        public ByteBuffer bytes() {
            if (released.get()) {
                broken("a chunk was read after its release");
            }
            return chunk.bytes();
        }

        @Override
        public void release() {
            if (released.compareAndSet(false, true)) {
                held.decrementAndGet();
                chunk.release();
            } else {
                broken("a chunk was released twice");
            }
        }
    }
}
