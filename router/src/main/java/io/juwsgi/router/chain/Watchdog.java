package io.juwsgi.router.chain;

import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Looks whether each event loop comes back to its work, and names the plugin that keeps one from it. Any thread may close
 * it.
 *
 * <p>Every 50 ms it gives each loop a task that does nothing. Where the task has not run after 200 ms the thread's stack
 * is looked at: when a plugin's code is in it, that is one line in the log, however long the plugin goes on.
 */
public final class Watchdog implements AutoCloseable {
    static final long LIMIT_MILLIS = 200;
    private static final long PERIOD_MILLIS = 50;

    private final Chains chains;
    private final List<Watched> loops;
    private final CountDownLatch closed = new CountDownLatch(1);

    private Watchdog(Chains chains, List<Watched> loops) {
        this.chains = chains;
        this.loops = loops;
    }

    /** Starts to watch. */
    public static Watchdog start(Chains chains, List<SingleThreadEventExecutor> eventLoops) {
        Watchdog watchdog =
                new Watchdog(chains, eventLoops.stream().map(Watched::new).toList());
        Thread.ofPlatform().daemon().name("juwsgi-watchdog").start(watchdog::run);
        return watchdog;
    }

    private void run() {
        try {
            while (!closed.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
                loops.forEach(loop -> loop.look(chains));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }

    /** One event loop. Owned by the watchdog's thread, but for what the loop itself answers. */
    private static final class Watched {
        private final SingleThreadEventExecutor loop;
        private final Runnable answer = this::answer;
        private volatile boolean answered = true;
        private long askedNanos;
        private boolean reported;

        Watched(SingleThreadEventExecutor loop) {
            this.loop = loop;
        }

        private void answer() {
            answered = true;
        }

        void look(Chains chains) {
            if (answered) {
                reported = false;
                answered = false;
                askedNanos = System.nanoTime();
                loop.execute(answer);
                return;
            }
            if (reported || System.nanoTime() - askedNanos < LIMIT_MILLIS * 1_000_000) {
                return;
            }
            Blame.Found found = chains.culprit(loop.threadProperties().stackTrace());
            if (found != null && !answered) {
                reported = true;
                found.conduct().blocks(loop.threadProperties().name(), found.where());
            }
        }
    }
}
