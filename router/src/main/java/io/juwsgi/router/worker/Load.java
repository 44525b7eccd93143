package io.juwsgi.router.worker;

/**
 * How fast one worker answers, and how many requests each of its cores may therefore hold. Owned by the pool's event
 * loop.
 *
 * <p>Two values bound the depth. The average service time says how many requests make {@link #BUDGET_MICROS} of work. The
 * trust starts at 1, doubles with each {@link #STEP} fast answers in a row, halves with a slow answer, and falls to 1
 * when others had to wait behind a slow request: an average alone would forget the one request in a thousand that takes
 * a second.
 */
final class Load {
    /** The most requests on one core: beyond it batches gain nothing any more (design figures: 16 to 32). */
    static final int MAX_DEPTH = 32;

    /** How much work may be in flight on one core. */
    static final int BUDGET_MICROS = 1000;

    /** An answer that took longer counts as slow. */
    static final int SLOW_MICROS = 2500;

    /** How many fast answers double the trust. */
    static final int STEP = 8;

    /**
     * Below this average a request costs less than waking another thread and its fight for Python's lock, so that cores
     * are filled before others are woken.
     */
    private static final int WAKE_MICROS = 50;

    /** Up to this average a worker's lock is taken to be its limit: a second thread of it would only slow the first. */
    private static final int LOCK_BOUND_MICROS = 300;

    private static final int UNKNOWN = -1;

    // In sixteenths of a microsecond, so that the division of the moving average keeps its fraction.
    private long average16 = UNKNOWN;
    private int trust = 1;
    private int fastInRow;
    private int depth = 1;
    private int packDepth = 1;
    private int busyCores;

    /** Takes the service time of one answer. */
    void answered(long micros) {
        long sample = micros * 16;
        if (average16 == UNKNOWN) {
            average16 = sample;
        } else {
            // One outlier moves the average by half at most; the trust takes care of outliers.
            long clipped = Math.min(sample, average16 * 5 + 1600);
            average16 += (clipped - average16) / 8;
        }
        if (micros > SLOW_MICROS) {
            trust = Math.max(1, trust / 2);
            fastInRow = 0;
        } else if (trust < MAX_DEPTH && ++fastInRow >= STEP) {
            trust *= 2;
            fastInRow = 0;
        }
        recompute();
    }

    /** Says that requests waited behind one that took too long. */
    void stalled() {
        trust = 1;
        fastInRow = 0;
        recompute();
    }

    private void recompute() {
        long micros = Math.max(1, averageMicros());
        depth = Math.clamp(BUDGET_MICROS / micros, 1, trust);
        long pack = micros <= WAKE_MICROS ? depth : BUDGET_MICROS * (long) WAKE_MICROS / (micros * micros);
        packDepth = Math.clamp(pack, 1, depth);
    }

    /** Returns how many requests a core may hold when no idle core is left. */
    int depth() {
        return depth;
    }

    /** Returns how many requests a core may hold while there are idle cores. */
    int packDepth() {
        return packDepth;
    }

    /** Returns whether a second busy core would only fight the first for the interpreter's lock. */
    boolean lockBound() {
        return depth > 1 && averageMicros() <= LOCK_BOUND_MICROS;
    }

    /** Returns the moving average of the service time in microseconds, 0 when nothing was answered. */
    long averageMicros() {
        return average16 == UNKNOWN ? 0 : average16 / 16;
    }

    /** Returns how many cores of the worker have requests. */
    int busyCores() {
        return busyCores;
    }

    void coreBusy() {
        busyCores++;
    }

    void coreIdle() {
        busyCores--;
    }
}
