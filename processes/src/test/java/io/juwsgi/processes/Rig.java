package io.juwsgi.processes;

import io.juwsgi.spi.LogSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/** A loop that the test's own thread drives, and a log. */
public final class Rig implements LogSink, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LinkedBlockingQueue<LongConsumer> queue = new LinkedBlockingQueue<>();
    private final List<String> lines = new ArrayList<>();
    private final List<ProcessLoop.Part> parts = new ArrayList<>();

    /** Returns what parts share: short pauses, and so much mercy. */
    public Surroundings surroundings(Duration mercy) {
        Shell shell = new Shell(null, Map.of("GREETING", "hello"), null, "");
        return new Surroundings(this, queue::add, shell, mercy, Duration.ofMillis(20), Duration.ofMillis(20));
    }

    /** Drives another part. */
    public <T extends ProcessLoop.Part> T add(T part) {
        parts.add(part);
        return part;
    }

    /** Lets go of a part as a server does that is killed. */
    public void forget(ProcessLoop.Part part) {
        parts.remove(part);
    }

    @Override
    public void line(String line) {
        synchronized (lines) {
            lines.add(line);
        }
        // Wakes the test's thread.
        queue.add(now -> {});
    }

    public String log() {
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }

    public long count(String part) {
        return log().lines().filter(line -> line.contains(part)).count();
    }

    /** Lets every part act once. */
    public void settle() {
        parts.forEach(part -> part.settle(System.nanoTime()));
    }

    /** Drives all parts until something holds. */
    public void until(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        settle();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError(what + ": not so; the log is:\n" + log());
            }
            try {
                LongConsumer message = queue.poll(10, TimeUnit.MILLISECONDS);
                if (message != null) {
                    message.accept(System.nanoTime());
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            settle();
        }
    }

    /** Drives all parts until so many lines contain {@code part}; returns the last of these. */
    public String await(String part, int count) {
        until(count + " x " + part, () -> count(part) >= count);
        return log().lines().filter(line -> line.contains(part)).toList().get(count - 1);
    }

    public String await(String part) {
        return await(part, 1);
    }

    /** Stops all parts and waits until that is done. */
    public void stop() {
        parts.forEach(part -> part.stop(System.nanoTime()));
        until("all is over", () -> parts.stream().allMatch(ProcessLoop.Part::isOver));
    }

    @Override
    public void close() {
        stop();
    }
}
