package io.juwsgi.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * An event loop: one thread that runs what it is given, in order. It knows whether it is asked on its own thread, and keeps
 * what tasks throw. Any thread may use it.
 */
public final class TestLoop implements Executor, AutoCloseable {
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final List<Throwable> thrown = new ArrayList<>();
    private final Thread thread;

    /** Starts the thread. */
    public TestLoop() {
        thread = Thread.ofPlatform().daemon().name("test-loop").start(this::run);
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                runOne(tasks.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void runOne(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            synchronized (thrown) {
                thrown.add(e);
            }
        }
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Returns whether the caller is on this loop's thread. */
    public boolean isCurrent() {
        return Thread.currentThread().equals(thread);
    }

    /**
     * Waits until everything that was given before has run; for at most 30 seconds.
     *
     * @throws AssertionError when the loop does not come back: a task blocks it
     */
    public void settle() {
        CountDownLatch reached = new CountDownLatch(1);
        execute(reached::countDown);
        Waiting.await(reached, "the event loop to come back to its work");
    }

    /** Returns what tasks have thrown so far, and forgets it. */
    public List<Throwable> thrown() {
        synchronized (thrown) {
            List<Throwable> all = List.copyOf(thrown);
            thrown.clear();
            return all;
        }
    }

    /** Stops the thread; tasks that wait are not run. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
