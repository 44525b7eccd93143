package io.juwsgi.router.exchange;

/**
 * Measures a client against a {@link MinimumRate}: the time for which the server has waited for it, and the bytes that it
 * moved. Owned by the connection's event loop.
 *
 * <p>Time that the client does not owe, such as that of a handler that reads slowly, is not counted. Whoever was fast
 * has time to spare.
 */
public final class Pace {
    private long waitedMillis;
    private long moved;

    /** Begins anew. */
    public void reset() {
        waitedMillis = 0;
        moved = 0;
    }

    /** Counts bytes that the client sent or took. */
    public void moved(long bytes) {
        moved += bytes;
    }

    /** Counts time for which the server has waited; returns whether the client is slower than it must be. */
    public boolean tooSlow(long millis, MinimumRate rate) {
        waitedMillis += millis;
        return rate.bytesPerSecond() > 0
                && waitedMillis > rate.graceMillis()
                && (waitedMillis - rate.graceMillis()) * rate.bytesPerSecond() > moved * 1000;
    }
}
