package io.juwsgi.processes;

import io.juwsgi.spi.LogSink;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * One thread that looks after child processes which are not the application's: it takes messages off one queue, and between
 * two of them lets every part act on its deadlines. All methods may be called from any thread.
 */
public final class ProcessLoop {

    /** Something that has children. Only the loop's thread calls it. */
    public interface Part {
        /** Acts on what has changed and on deadlines that have passed; {@code now} is {@link System#nanoTime}. */
        void settle(long now);

        /** Starts nothing more and ends what runs; asked again it changes nothing. */
        void stop(long now);

        /** Returns whether nothing of it is left to wait for. */
        boolean isOver();

        /** Returns how long it is until the next deadline, {@link Long#MAX_VALUE} for ever. */
        long nanosToDeadline(long now);
    }

    private final LinkedBlockingQueue<LongConsumer> queue = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final LogSink log;
    /** Owned by the loop's thread. */
    private boolean stopping;

    /** Makes a loop that does nothing yet. */
    public ProcessLoop(LogSink log) {
        this.log = log;
    }

    /** Starts the thread; with no parts there is none, and the end has come. */
    public void start(String name, List<? extends Part> parts) {
        if (parts.isEmpty()) {
            end.complete(null);
        } else {
            Thread.ofPlatform().name(name).daemon().start(() -> run(List.copyOf(parts)));
        }
    }

    /** Runs something on the loop's thread; it is given {@link System#nanoTime}. */
    public void post(LongConsumer message) {
        queue.add(message);
    }

    /** Ends all children; completes when none is left. Dependents must not block. */
    public CompletionStage<Void> stop() {
        post(now -> stopping = true);
        return end();
    }

    /** Completes when everything has ended after {@link #stop}. Dependents must not block. */
    public CompletionStage<Void> end() {
        return end.minimalCompletionStage();
    }

    private void run(List<Part> parts) {
        while (!settle(parts, System.nanoTime())) {
            try {
                LongConsumer message = queue.poll(nanosToDeadline(parts), TimeUnit.NANOSECONDS);
                if (message != null) {
                    message.accept(System.nanoTime());
                }
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread.
                stopping = true;
            } catch (RuntimeException e) {
                BugReport.write("child processes", e, log);
            }
        }
        end.complete(null);
    }

    /** Returns whether everything is over. */
    private boolean settle(List<Part> parts, long now) {
        boolean over = true;
        for (Part part : parts) {
            try {
                if (stopping) {
                    part.stop(now);
                }
                part.settle(now);
                over &= part.isOver();
            } catch (RuntimeException e) {
                BugReport.write("child processes", e, log);
            }
        }
        return stopping && over;
    }

    private static long nanosToDeadline(List<Part> parts) {
        long now = System.nanoTime();
        long next = TimeUnit.HOURS.toNanos(1);
        for (Part part : parts) {
            next = Math.min(next, part.nanosToDeadline(now));
        }
        return next;
    }
}
