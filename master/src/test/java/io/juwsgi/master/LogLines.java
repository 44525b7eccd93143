package io.juwsgi.master;

import io.juwsgi.spi.LogSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** A log that tests can wait on. */
final class LogLines implements LogSink {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final List<String> lines = new ArrayList<>();

    @Override
    public void line(String line) {
        lock.lock();
        try {
            lines.add(line);
            added.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void reopen() {
        line("(opened again)");
    }

    @Override
    public void rotate() {
        line("(put aside)");
    }

    List<String> all() {
        lock.lock();
        try {
            return List.copyOf(lines);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for {@code count} lines that contain {@code part} and returns the last of them. */
    String await(String part, int count) throws Exception {
        long left = TimeUnit.SECONDS.toNanos(30);
        lock.lock();
        try {
            while (true) {
                List<String> found =
                        lines.stream().filter(line -> line.contains(part)).toList();
                if (found.size() >= count) {
                    return found.get(count - 1);
                }
                if (left <= 0) {
                    throw new TimeoutException(count + " x '" + part + "' not in:\n" + String.join("\n", lines));
                }
                left = added.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something that is not a line, but comes about the time of one. */
    void until(BooleanSupplier holds) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        lock.lock();
        try {
            while (!holds.getAsBoolean()) {
                if (System.nanoTime() - end > 0) {
                    throw new TimeoutException("not so, after:\n" + String.join("\n", lines));
                }
                added.await(20, TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    String await(String part) throws Exception {
        return await(part, 1);
    }
}
