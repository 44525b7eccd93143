package io.juwsgi.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** How tests wait: for a condition, with a bound that only a fault reaches. */
public final class Waiting {
    /** How long anything may take. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long STEP_MILLIS = 5;

    private Waiting() {}

    /**
     * Waits for a latch.
     *
     * @param what what is waited for, such as {@code the response's head}
     * @throws AssertionError when it does not come within {@link #PATIENCE}
     */
    public static void await(CountDownLatch latch, String what) {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("waited " + PATIENCE.toSeconds() + " s for " + what);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + what, e);
        }
    }

    /**
     * Waits for a condition that nothing tells of, by asking again and again.
     *
     * @param what what is waited for
     * @throws AssertionError when it does not hold within {@link #PATIENCE}
     */
    public static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        try {
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("waited " + PATIENCE.toSeconds() + " s for " + what);
                }
                var _ = never.await(STEP_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + what, e);
        }
    }
}
