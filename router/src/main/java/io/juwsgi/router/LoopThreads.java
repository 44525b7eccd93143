package io.juwsgi.router;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Names event loop threads; they do not keep the program alive. */
final class LoopThreads implements ThreadFactory {
    private final AtomicInteger number = new AtomicInteger();

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new FastThreadLocalThread(task, "juwsgi-loop-" + number.getAndIncrement());
        thread.setDaemon(true);
        return thread;
    }
}
