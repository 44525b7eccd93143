package io.juwsgi.router.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which waiting request goes to which core, and when requests are taken back. Owned by the pool's event loop.
 *
 * <p>Requests that may be replayed are packed: they go behind others on the first core that has room, since one write,
 * one wake-up and one batch of answers for many requests is what makes a fast application fast. All others need an idle
 * core. Both wait in the order of their arrival; a younger request overtakes an older one only where the older one
 * cannot go, and cores that drain for older ones are reserved so that nothing starves.
 *
 * <p>When requests wait behind one that takes too long, they are recalled and go to the front of the queue; the core
 * gives back exactly those that it will never begin.
 */
final class Dispatcher {
    /** How long a core that others wait behind may go without an answer; its batches take up to 1 ms by design. */
    static final long STALL_NANOS = 2_500_000;

    /** When the alarm itself is this late, this process had no processor, and the answers may be in the sockets. */
    private static final long LATE_NANOS = 1_000_000;

    /** Cancelled requests that may stay in the queues before they are swept out. */
    private static final int SWEEP = 256;

    /** Calls {@link #watch} later. */
    interface Alarm {
        void arm(long delayNanos);
    }

    /** A clock in nanoseconds that only goes forward. */
    interface Clock {
        long nanos();
    }

    // First cores of all workers, then second cores: threads of one process share a lock, processes do not.
    private static final Comparator<Core> PACKING_ORDER =
            Comparator.comparingInt(Core::number).thenComparingInt(Core::workerId);

    private static final Comparator<Call> NEWEST_FIRST =
            Comparator.<Call>comparingLong(Call::arrival).reversed();

    private final Clock clock;
    private final Alarm alarm;
    private final List<Core> cores = new ArrayList<>();
    private final ArrayDeque<Call> shared = new ArrayDeque<>();
    private final ArrayDeque<Call> exclusive = new ArrayDeque<>();
    private int waitingShared;
    private int waitingExclusive;
    private int reserved;
    private long arrivals;
    private long recalled;
    private boolean armed;
    private boolean paused;
    private long dueNanos;

    Dispatcher(Clock clock, Alarm alarm) {
        this.clock = clock;
        this.alarm = alarm;
    }

    /** Takes a new request and sends what can be sent. */
    void add(Call call) {
        call.arrival(++arrivals);
        call.waiting(clock.nanos());
        if (call.replayable()) {
            shared.add(call);
            waitingShared++;
        } else {
            exclusive.add(call);
            waitingExclusive++;
        }
        dispatch();
    }

    /** Puts requests that were in flight back where they stood: in front of all that arrived later. */
    void putBack(List<Call> calls) {
        calls.sort(NEWEST_FIRST);
        long now = clock.nanos();
        for (Call call : calls) {
            call.waiting(now);
            if (call.replayable()) {
                insert(shared, call);
                waitingShared++;
            } else {
                insert(exclusive, call);
                waitingExclusive++;
            }
        }
    }

    /** Inserts by arrival; what comes back is nearly always older than all that wait. */
    private static void insert(ArrayDeque<Call> queue, Call call) {
        ArrayDeque<Call> older = new ArrayDeque<>();
        while (!queue.isEmpty() && queue.getFirst().arrival() < call.arrival()) {
            older.addLast(queue.removeFirst());
        }
        queue.addFirst(call);
        while (!older.isEmpty()) {
            queue.addFirst(older.removeLast());
        }
    }

    /** Drops a waiting request; its exchange has ended. */
    void cancel(Call call) {
        call.done();
        ArrayDeque<Call> queue;
        int live;
        if (call.replayable()) {
            queue = shared;
            live = --waitingShared;
        } else {
            queue = exclusive;
            live = --waitingExclusive;
            trimReservations();
        }
        if (queue.size() > 2 * live + SWEEP) {
            queue.removeIf(other -> other.place() != Call.Place.WAITING);
        }
    }

    /** Removes and returns the request that has waited longest, or null when none waits. */
    @Nullable
    Call poll() {
        Call one = head(shared);
        Call other = head(exclusive);
        if (one == null && other == null) {
            return null;
        }
        return one != null && (other == null || one.arrival() < other.arrival()) ? takeShared() : takeExclusive();
    }

    /** Sends nothing until it is told to go on. */
    void pause(boolean value) {
        paused = value;
        dispatch();
    }

    /** Returns a request at the head of the queues that has waited since {@code nanos} or longer, or null. */
    @Nullable
    Call waitingSince(long nanos) {
        for (Call call : Arrays.asList(head(shared), head(exclusive))) {
            if (call != null && call.waitingSinceNanos() - nanos <= 0) {
                return call;
            }
        }
        return null;
    }

    /** Returns the requests that wait for a core, in the order of their arrival. */
    List<Call> calls() {
        List<Call> calls = new ArrayList<>(waiting());
        calls.addAll(shared);
        calls.addAll(exclusive);
        calls.removeIf(call -> call.place() != Call.Place.WAITING);
        calls.sort(NEWEST_FIRST.reversed());
        return calls;
    }

    /** Returns how many requests wait for a core. */
    int waiting() {
        return waitingShared + waitingExclusive;
    }

    /** Returns how many requests have been taken back so far. */
    long recalled() {
        return recalled;
    }

    /** Adds a core, which may be used as soon as it is open. */
    void join(Core core) {
        cores.add(core);
        cores.sort(PACKING_ORDER);
    }

    /** Removes a core. */
    void leave(Core core) {
        core.open(false);
        cores.remove(core);
        if (core.reserved()) {
            core.reserved(false);
            reserved--;
        }
    }

    /** Takes an answer of a core into account; the caller dispatches when its own state is in order. */
    void answered(Core core, long micros) {
        core.load().answered(micros);
        core.answered(clock.nanos());
    }

    /** Sends everything that can be sent. */
    void dispatch() {
        while (!paused) {
            Call one = head(shared);
            Call other = head(exclusive);
            if (one == null && other == null) {
                return;
            }
            boolean otherFirst = other != null && (one == null || other.arrival() < one.arrival());
            Core core = otherFirst ? idleCore() : null;
            if (core != null) {
                send(core, takeExclusive());
                continue;
            }
            if (other != null) {
                reserve();
            }
            core = one == null ? null : coreFor();
            if (core == null) {
                return;
            }
            send(core, takeShared());
        }
    }

    private void send(Core core, Call call) {
        if (core.reserved()) {
            core.reserved(false);
            reserved--;
        }
        core.give(call, clock.nanos());
        if (!armed && core.held() > 1) {
            arm(STALL_NANOS);
        }
    }

    private static @Nullable Call head(ArrayDeque<Call> queue) {
        Call call;
        while ((call = queue.peek()) != null && call.place() != Call.Place.WAITING) {
            queue.remove();
        }
        return call;
    }

    private Call takeShared() {
        waitingShared--;
        return shared.remove();
    }

    private Call takeExclusive() {
        waitingExclusive--;
        Call call = exclusive.remove();
        trimReservations();
        return call;
    }

    /** Chooses the core for a request that may wait behind others, or returns null when all are full. */
    private @Nullable Core coreFor() {
        long now = clock.nanos();
        Core roomy = null;
        Core idle = null;
        boolean packed = false;
        for (int i = 0; i < cores.size(); i++) {
            Core core = cores.get(i);
            if (core.idle()) {
                idle = better(core, idle);
            } else if (core.takesBehind(core.load().packDepth(), now)) {
                return core;
            } else if (roomy == null && core.takesBehind(core.load().depth(), now)) {
                roomy = core;
            } else {
                packed |= core.packed(now);
            }
        }
        if (idle != null && idle.load().busyCores() == 0) {
            return idle;
        }
        if (roomy != null || idle == null) {
            return roomy;
        }
        // Waiting is safe only where a packed core is about to answer: the watch looks after those.
        return packed && idle.load().lockBound() ? null : idle;
    }

    /** Chooses an idle core: of the worker with the fewest busy ones. */
    private @Nullable Core idleCore() {
        Core idle = null;
        for (int i = 0; i < cores.size(); i++) {
            Core core = cores.get(i);
            if (core.idle()) {
                idle = better(core, idle);
            }
        }
        return idle;
    }

    private static @Nullable Core better(Core core, @Nullable Core than) {
        if (!core.usable()) {
            return than;
        }
        return than == null || core.load().busyCores() < than.load().busyCores() ? core : than;
    }

    /** Lets as many cores run empty as requests wait for an idle one: those that will be empty first. */
    private void reserve() {
        while (reserved < waitingExclusive) {
            Core least = null;
            for (int i = 0; i < cores.size(); i++) {
                Core core = cores.get(i);
                if (core.usable() && !core.reserved() && (least == null || core.held() < least.held())) {
                    least = core;
                }
            }
            if (least == null) {
                return;
            }
            least.reserved(true);
            reserved++;
        }
    }

    private void trimReservations() {
        for (int i = 0; reserved > waitingExclusive && i < cores.size(); i++) {
            Core core = cores.get(i);
            if (core.reserved()) {
                core.reserved(false);
                reserved--;
            }
        }
    }

    private void arm(long delayNanos) {
        armed = true;
        dueNanos = clock.nanos() + delayNanos;
        alarm.arm(delayNanos);
    }

    /** Looks for cores where requests wait behind one that takes too long. Called by the alarm. */
    void watch() {
        armed = false;
        long now = clock.nanos();
        boolean late = now - dueNanos > LATE_NANOS;
        long next = Long.MAX_VALUE;
        for (int i = 0; i < cores.size(); i++) {
            Core core = cores.get(i);
            if (core.held() < 2 || core.recalling()) {
                continue;
            }
            long left = STALL_NANOS - (now - core.waitingSinceNanos());
            if (left <= 0 && !late && core.recall()) {
                core.load().stalled();
            } else {
                next = Math.min(next, Math.max(left, LATE_NANOS));
            }
        }
        if (next != Long.MAX_VALUE) {
            arm(next);
        }
    }

    /**
     * Takes what a core gave back.
     *
     * @param calls requests that are no longer in flight
     */
    void recalled(Core core, List<Call> calls) {
        core.recallDone(clock.nanos());
        recalled += calls.size();
        putBack(calls);
        if (!armed && core.held() > 1) {
            arm(STALL_NANOS);
        }
        dispatch();
    }

    List<Core> cores() {
        return cores;
    }
}
