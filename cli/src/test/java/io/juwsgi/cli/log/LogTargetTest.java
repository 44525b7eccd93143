package io.juwsgi.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.log.LogLine;
import io.juwsgi.spi.log.Logger;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class LogTargetTest {
    private static final long PATIENCE = 30;

    private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());

    /** A logger that keeps what it gets, fails when told to, and waits for leave to go on. */
    private static final class Kept implements Logger {
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final Semaphore leave = new Semaphore(0);
        final CountDownLatch closed = new CountDownLatch(1);
        volatile boolean broken;

        @Override
        public void write(List<LogLine> lines) throws IOException {
            leave.acquireUninterruptibly();
            if (broken) {
                throw new IOException("broken");
            }
            lines.forEach(line -> texts.add(line.text()));
        }

        @Override
        public void rotate() {
            texts.add("(rotated)");
        }

        @Override
        public void close() {
            closed.countDown();
        }

        String next() throws InterruptedException {
            String text = texts.poll(PATIENCE, TimeUnit.SECONDS);
            assertThat(text).as("the next line").isNotNull();
            return String.valueOf(text);
        }
    }

    private LogTarget target(Logger logger) {
        LogTarget target = new LogTarget("kept", logger, List.of(), (self, complaint) -> complaints.add(complaint));
        target.start();
        return target;
    }

    private static LogLine line(String text) {
        return new LogLine(LogLine.Source.MESSAGE, Level.INFO, 0, 0, 0, text);
    }

    @Test
    void keepsTheOrderOfLinesAndErrands() throws Exception {
        Kept kept = new Kept();
        LogTarget target = target(kept);
        kept.leave.release(1000);
        target.offer(line("one"));
        assertThat(kept.next()).isEqualTo("one");
        target.offer(line("two"));
        target.rotate();
        assertThat(kept.next()).isEqualTo("two");
        assertThat(kept.next()).isEqualTo("(rotated)");
        target.close();
        assertThat(kept.closed.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void dropsAndCountsWhatASlowLoggerDoesNotTake() throws Exception {
        Kept kept = new Kept();
        LogTarget target = target(kept);
        String large = "x".repeat(1024 * 1024);
        // One batch is with the logger at most, so that the rest is more than may wait.
        for (int i = 0; i < 20; i++) {
            target.offer(line(large));
        }
        kept.leave.release(1000);
        target.flush(TimeUnit.SECONDS.toMillis(PATIENCE));
        int arrived = kept.texts.size();
        assertThat(arrived).isBetween(1, 10);
        target.offer(line("last"));
        target.flush(TimeUnit.SECONDS.toMillis(PATIENCE));
        assertThat(kept.texts.stream().skip(arrived))
                .containsExactly("log: " + (20 - arrived) + " lines were dropped, their reader was too slow", "last");
    }

    @Test
    void complainsOnceAndTellsWhatWasLost() throws Exception {
        Kept kept = new Kept();
        kept.leave.release(1000);
        kept.broken = true;
        LogTarget target = target(kept);
        for (int i = 0; i < 3; i++) {
            target.offer(line("lost"));
            target.flush(TimeUnit.SECONDS.toMillis(PATIENCE));
        }
        assertThat(complaints).containsExactly("log: kept takes no lines: java.io.IOException: broken");
        kept.broken = false;
        target.offer(line("kept"));
        assertThat(kept.next()).isEqualTo("kept");
        assertThat(kept.next()).isEqualTo("log: kept takes lines again, 3 were lost");
        assertThat(complaints).hasSize(2).last().isEqualTo("log: kept takes lines again, 3 were lost");
    }

    @Test
    void doesNotWaitForALoggerThatHangs() {
        Kept kept = new Kept();
        LogTarget target = target(kept);
        target.offer(line("held"));
        target.flush(1);
        target.offer(line("later"));
        assertThat(kept.texts).isEmpty();
        kept.leave.release(1000);
        target.flush(TimeUnit.SECONDS.toMillis(PATIENCE));
        assertThat(kept.texts).containsExactly("held", "later");
    }
}
