package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that ask for /pid over and over, and note every answer that is not 200. */
final class Clients implements AutoCloseable {
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger answers = new AtomicInteger();
    private final Set<String> pids = ConcurrentHashMap.newKeySet();
    private final Set<String> failures = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch ended;

    Clients(RunningServer server, int count) {
        ended = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            threads.submit(() -> ask(server));
        }
    }

    private void ask(RunningServer server) {
        while (!stop.get()) {
            try {
                var answer = server.get("/pid");
                if (answer.statusCode() == 200) {
                    pids.add(answer.body());
                } else {
                    failures.add(answer.statusCode() + " " + answer.body());
                }
            } catch (Exception e) {
                failures.add(e.toString());
            }
            synchronized (this) {
                answers.incrementAndGet();
                notifyAll();
            }
        }
        ended.countDown();
    }

    /** Waits until {@code more} further answers have come. */
    synchronized void awaitAnswers(int more) throws InterruptedException {
        int wanted = answers.get() + more;
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (answers.get() < wanted) {
            assertThat(System.nanoTime())
                    .as("answers keep coming: %s", failures)
                    .isLessThan(deadline);
            wait(1000);
        }
    }

    void awaitPidGone(long pid) throws Exception {
        ProcessHandle.of(pid)
                .ifPresent(process ->
                        process.onExit().orTimeout(60, TimeUnit.SECONDS).join());
    }

    /** Returns how many answers have come, failures included. */
    int answered() {
        return answers.get();
    }

    Set<String> failures() {
        return failures;
    }

    Set<String> pids() {
        return pids;
    }

    @Override
    public void close() throws InterruptedException {
        stop.set(true);
        ended.await();
        threads.shutdown();
    }
}
