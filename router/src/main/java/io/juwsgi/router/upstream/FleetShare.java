package io.juwsgi.router.upstream;

import io.juwsgi.spi.balance.FleetLimits.Claim;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests this gateway may have under way at one address, of the limit that all gateways share; and what it has use for.
 * Any event loop takes places and gives them back; {@link FleetShares} changes the share.
 */
final class FleetShare {
    /** Before anybody was asked: little, since other gateways may hold all of it, but not nothing. */
    private static final int FIRST = 1;

    /** What is not wanted any more is given back by and by, an eighth with each claim: bursts come again. */
    private static final int FORGETTING = 8;

    private final String address;
    private final Runnable lacking;
    private final AtomicInteger inFlight = new AtomicInteger();
    /** The most under way since the last claim. */
    private final AtomicInteger peak = new AtomicInteger();
    /** Requests that nobody could take since the last claim. */
    private final AtomicInteger turnedAway = new AtomicInteger();

    private volatile int share = FIRST;
    /** Whether the share was given, and the others know of it. */
    private volatile boolean given;
    /** Whether there was no room since the last claim. */
    private volatile boolean tight;
    /** Whether the address belongs to a member. */
    private volatile boolean member = true;

    private int wish;
    private boolean asking;
    private boolean askedInBetween;

    /**
     * Makes one that nobody has been asked for.
     *
     * @param lacking called when the first request since the last claim was turned away; must not block
     */
    FleetShare(String address, Runnable lacking) {
        this.address = address;
        this.lacking = lacking;
    }

    String address() {
        return address;
    }

    /** Returns how many requests may be under way. */
    int share() {
        return share;
    }

    boolean member() {
        return member;
    }

    void member(boolean is) {
        member = is;
    }

    /** Returns whether requests are under way. */
    boolean idle() {
        return inFlight.get() == 0;
    }

    /** Returns whether one more request may be under way. */
    boolean hasRoom() {
        boolean room = inFlight.get() < share;
        if (!room && !tight) {
            tight = true;
        }
        return room;
    }

    /** Takes the place of one more request, or says that there is none. */
    boolean take() {
        int before = inFlight.get();
        while (before < share) {
            if (inFlight.compareAndSet(before, before + 1)) {
                peak.accumulateAndGet(before + 1, Math::max);
                return true;
            }
            before = inFlight.get();
        }
        tight = true;
        return false;
    }

    /** A place is free again. */
    void end() {
        inFlight.decrementAndGet();
    }

    /** A request found no endpoint with room: more would be of use. */
    void turnedAway() {
        if (inFlight.get() >= share && turnedAway.getAndIncrement() == 0) {
            lacking.run();
        }
    }

    /** A claim is to be made, if none is under way; returns whether it is. */
    synchronized boolean ask() {
        if (asking) {
            return false;
        }
        asking = true;
        askedInBetween = false;
        return true;
    }

    /** A claim is to be made before its time: not more than one between two others. */
    synchronized boolean askInBetween() {
        if (asking || askedInBetween) {
            return false;
        }
        asking = true;
        askedInBetween = true;
        return true;
    }

    /** The claim that was made is over. */
    synchronized void asked() {
        asking = false;
    }

    /**
     * Returns what this gateway holds and wants now.
     *
     * @param waiting requests of the upstream that wait for room
     */
    synchronized Claim claim(String upstream, int most, int waiting) {
        int now = inFlight.get();
        int busiest = Math.max(now, peak.getAndSet(now));
        int more = Math.max(waiting, turnedAway.getAndSet(0));
        if (tight) {
            // It might have had more: nobody counts those that went elsewhere.
            tight = false;
            more = Math.max(more, 1 + busiest / 2);
        }
        wish = member ? Math.max(busiest + more, wish - (wish + FORGETTING - 1) / FORGETTING) : 0;
        // What was not given yet is nobody's: only what is under way counts.
        return new Claim(upstream, address, most, given ? Math.max(share, now) : now, wish);
    }

    /** The share is another one; returns how much more, or less than 0. */
    int given(int now) {
        int before = share;
        share = now;
        given = true;
        return now - before;
    }

    /** It is given back, instead of the claim that was to be made; should its address come back, it begins anew. */
    synchronized void forget() {
        asking = false;
        given = false;
        share = FIRST;
    }

    /**
     * Nobody could be asked: what was given stays. Without that there is nothing to keep to but the limit itself.
     *
     * @return whether the share is another one
     */
    boolean alone(int most) {
        boolean changed = !given && share != most;
        if (changed) {
            share = most;
        }
        return changed;
    }
}
