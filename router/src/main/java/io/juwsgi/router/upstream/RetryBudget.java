package io.juwsgi.router.upstream;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many requests may be tried again: a share of all requests, so that an upstream that is in trouble as a whole does not
 * get more to do for it. Thread-safe.
 */
final class RetryBudget {
    /** One repetition. */
    private static final long ONE = 100;

    /** What is there at first and at most: a burst after quiet times. */
    private static final long MOST = 100 * ONE;

    private final int perRequest;
    private final AtomicLong left = new AtomicLong(MOST);

    /**
     * Makes one.
     *
     * @param share repetitions in per cent of requests
     */
    RetryBudget(int share) {
        perRequest = share;
    }

    /** A request has come. */
    void earn() {
        if (left.get() < MOST) {
            left.addAndGet(perRequest);
        }
    }

    /** Takes one repetition; false when there is none left. */
    boolean spend() {
        for (long now = left.get(); now >= ONE; now = left.get()) {
            if (left.compareAndSet(now, now - ONE)) {
                return true;
            }
        }
        return false;
    }
}
