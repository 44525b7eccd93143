package io.juwsgi.router.upstream;

/**
 * How many requests an endpoint should have under way, learned from how long its answers take. Latency that rises above what the
 * endpoint needs at its best is time in its queue: the limit sinks until that is short, and grows while there is none and all of
 * it is used. Failures make it sink at once. Thread-safe.
 */
final class AdaptiveLimit {
    /** What is tried at first. */
    private static final int FIRST = 4;

    private static final double LEAST = 1;

    /** Latency up to this many times the best one is no queue. */
    private static final double TOLERANCE = 1.5;

    /** Answers that are looked at together, at least. */
    private static final int LEAST_SAMPLES = 10;

    /** Below this differences are noise, in nanoseconds. */
    private static final double NOISE = 1e6;

    /** So many requests show how fast an endpoint can be. */
    private static final int PROBE = 3;

    /** After so many steps the best latency is measured anew, so that a server that has become slower is believed. */
    private static final int PROBE_EVERY = 50;

    /** The part of the limit that is left after a failure. */
    private static final double BACKOFF = 0.9;

    private final double most;
    private double limit;
    private double best;
    private double sum;
    private int count;
    private int busiest;
    private int steps;
    private boolean probing;
    /** The limit before a measurement. */
    private double before;

    /**
     * Makes one.
     *
     * @param most never more than this; 0 for no such bound
     */
    AdaptiveLimit(int most) {
        this.most = most == 0 ? 10_000 : most;
        this.limit = Math.min(FIRST, this.most);
    }

    /** Returns the limit, at least 1. */
    synchronized int value() {
        return (int) limit;
    }

    /** An answer has begun {@code nanos} after its request was sent, while {@code inFlight} were under way. */
    synchronized void answered(long nanos, int inFlight) {
        sum += Math.max(NOISE, (double) nanos);
        count++;
        busiest = Math.max(busiest, inFlight);
        // One step for each round of answers: what the last step did is not seen before.
        if (count >= Math.max(LEAST_SAMPLES, limit)) {
            step(sum / count);
            sum = 0;
            count = 0;
            busiest = 0;
        }
    }

    private void step(double average) {
        if (probing) {
            probe(average);
            return;
        }
        best = best == 0 ? average : Math.min(best, average);
        if (busiest * 2 < limit) {
            // Nobody knows what more would do.
            return;
        }
        double gradient = Math.clamp(TOLERANCE * best / average, 0.5, 1.0);
        change(gradient == 1.0 ? limit + Math.sqrt(limit) / 2 : limit * (1 + gradient) / 2);
        if (++steps % PROBE_EVERY == 0) {
            probing = true;
            before = limit;
            change(Math.min(limit, PROBE));
        }
    }

    /** With little to do the endpoint shows its best, once what waited before is through. */
    private void probe(double average) {
        if (busiest <= PROBE) {
            probing = false;
            best = average;
            change(before);
        }
    }

    /** A request was refused, lost or not answered in time. */
    synchronized void failed() {
        before *= BACKOFF;
        change(limit * BACKOFF);
    }

    private void change(double wanted) {
        limit = Math.clamp(wanted, LEAST, most);
    }
}
