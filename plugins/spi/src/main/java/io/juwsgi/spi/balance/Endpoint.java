package io.juwsgi.spi.balance;

/**
 * One server of an upstream, with what balancing looks at. The router owns it and changes its numbers; any thread may
 * read them. The same server is the same object as long as it is a member.
 */
public interface Endpoint {

    /** Returns where it listens, as it was configured or discovered: {@code 10.0.0.1:9000} or a Unix socket's path. */
    String address();

    /** Returns the share of requests that it is meant to get, relative to the other endpoints: 1 or more. */
    int weight();

    /**
     * Returns the share of requests that it is to get now: {@link #weight}, or less while it starts slowly.
     *
     * @param nanoTime the time, as {@link System#nanoTime} counts it
     * @return more than 0, at most {@link #weight}
     */
    double share(long nanoTime);

    /** Returns how many requests it has been given and has not answered in full. */
    int inFlight();

    /**
     * Returns how long its answers have taken of late, from the request to the first byte of the answer: a moving average
     * that follows a rise at once and forgets it over seconds ("peak EWMA").
     *
     * @param nanoTime the time, as {@link System#nanoTime} counts it
     * @return in nanoseconds; 0 before the first answer
     */
    long latencyNanos(long nanoTime);
}
