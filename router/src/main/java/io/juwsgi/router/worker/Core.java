package io.juwsgi.router.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One core of a worker as dispatch sees it: the requests that it holds, oldest first, and whether it may get more. Owned
 * by the pool's event loop.
 */
final class Core {

    /** The way from dispatch to the process. */
    interface Wire {

        /** Sends a request to the core; it is already the last one that the core holds. */
        void transmit(Call call);

        /**
         * Asks for what the core has not begun.
         *
         * @return whether it could be asked
         */
        boolean recall();

        /** The exchange of a request that the core holds has ended. */
        void abandoned(Call call);
    }

    private final int workerId;
    private final int number;
    private final Load load;
    private final Wire wire;
    private final ArrayDeque<Call> inFlight = new ArrayDeque<>();
    private boolean open;
    private boolean recalling;
    private boolean reserved;
    private boolean stuck;
    private long sinceNanos;
    private long recalledNanos;
    private long given;

    Core(int workerId, int number, Load load, Wire wire) {
        this.workerId = workerId;
        this.number = number;
        this.load = load;
        this.wire = wire;
        recalledNanos = Long.MIN_VALUE / 2;
    }

    /** Takes a request and sends it. */
    void give(Call call, long nanos) {
        if (inFlight.isEmpty()) {
            load.coreBusy();
            sinceNanos = nanos;
        }
        inFlight.add(call);
        given++;
        call.inFlightOn(this);
        wire.transmit(call);
    }

    /** Drops the oldest request, which has been answered; the next one begins. */
    void answered(long nanos) {
        inFlight.remove();
        sinceNanos = nanos;
        if (inFlight.isEmpty()) {
            load.coreIdle();
        }
    }

    /** Takes the request back that could not be sent: the newest. */
    void takeBackLast() {
        inFlight.removeLast();
        if (inFlight.isEmpty()) {
            load.coreIdle();
        }
    }

    /** Removes and returns all requests, oldest first. */
    List<Call> takeAll() {
        List<Call> all = new ArrayList<>(inFlight);
        if (!inFlight.isEmpty()) {
            inFlight.clear();
            load.coreIdle();
        }
        return all;
    }

    /** Removes and returns the request of that number, or returns null when the core does not hold it. */
    @Nullable
    Call take(int id) {
        for (Call call : inFlight) {
            if (call.id() == id) {
                inFlight.remove(call);
                if (inFlight.isEmpty()) {
                    load.coreIdle();
                }
                return call;
            }
        }
        return null;
    }

    /** Returns whether the core may get a request at all. */
    boolean usable() {
        return open && !recalling && !stuck;
    }

    /**
     * Returns whether one more request may wait behind those that the core holds.
     *
     * @param depth how many it may hold
     * @param nanos the time; a core that has not answered for long takes none
     */
    boolean takesBehind(int depth, long nanos) {
        int held = inFlight.size();
        return held > 0 && held < depth && !reserved && flows(nanos);
    }

    /** Returns whether it holds as much as it may and works it off. */
    boolean packed(long nanos) {
        return inFlight.size() > 1 && inFlight.size() >= load.depth() && flows(nanos);
    }

    private boolean flows(long nanos) {
        // The oldest one decides: a request that lets none wait behind it is only given to an idle core.
        return usable() && inFlight.getFirst().letsOthersWaitBehind() && nanos - sinceNanos < Dispatcher.STALL_NANOS;
    }

    boolean idle() {
        return inFlight.isEmpty();
    }

    int held() {
        return inFlight.size();
    }

    /** Returns a view of all that it holds, oldest first. */
    Iterable<Call> calls() {
        return inFlight;
    }

    @Nullable
    Call head() {
        return inFlight.peek();
    }

    /** Returns since when the oldest request is at work: when it was sent, or when the one before it was answered. */
    long sinceNanos() {
        return sinceNanos;
    }

    /** Leaves out {@code nanos} of the oldest request's time, in which its client kept it waiting. */
    void forgive(long nanos) {
        sinceNanos += nanos;
    }

    boolean recall() {
        recalling = wire.recall();
        return recalling;
    }

    /** The core gave back what it had not begun; what it still holds gets a fresh start for the next look. */
    void recallDone(long nanos) {
        recalling = false;
        recalledNanos = nanos;
    }

    /** Returns since when the requests behind the oldest one have waited without being asked for. */
    long waitingSinceNanos() {
        return recalledNanos - sinceNanos > 0 ? recalledNanos : sinceNanos;
    }

    void abandoned(Call call) {
        wire.abandoned(call);
    }

    boolean recalling() {
        return recalling;
    }

    /** Says whether its worker and its connection take requests. */
    void open(boolean value) {
        open = value;
    }

    boolean isOpen() {
        return open;
    }

    /** Says whether its oldest request ran into the deadline and has not come back. */
    void stuck(boolean value) {
        stuck = value;
    }

    /** Says whether it is kept free for a request that needs an idle core. */
    void reserved(boolean value) {
        reserved = value;
    }

    boolean reserved() {
        return reserved;
    }

    Load load() {
        return load;
    }

    int workerId() {
        return workerId;
    }

    int number() {
        return number;
    }

    /** Returns how many requests it has been given. */
    long given() {
        return given;
    }
}
