package io.juwsgi.master;

import io.juwsgi.processes.Deadline;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * First frames of workers whose SPAWNED has not come yet: it travels over another connection.
 *
 * <p>Mutable; owned by the master's thread.
 */
final class EarlyArrivals {
    private record Arrival(MasterEvent.FromWorker frame, Deadline deadline) {}

    private final Timings timings;
    private final Map<Long, Arrival> byPid = new HashMap<>();

    EarlyArrivals(Timings timings) {
        this.timings = timings;
    }

    /** Keeps a frame until its process is known; after a while nobody knows it, and its connection is closed. */
    void keep(MasterEvent.FromWorker frame, long now) {
        Deadline deadline = new Deadline();
        deadline.in(timings.spawnAnswer(), now);
        Arrival before = byPid.put(frame.pid(), new Arrival(frame, deadline));
        if (before != null) {
            before.frame().from().close();
        }
    }

    MasterEvent.@Nullable FromWorker take(long pid) {
        Arrival arrival = byPid.remove(pid);
        return arrival == null ? null : arrival.frame();
    }

    void connectionEnded(ControlConnection from) {
        byPid.values().removeIf(arrival -> arrival.frame().from() == from);
    }

    void expire(long now) {
        for (Iterator<Arrival> arrivals = byPid.values().iterator(); arrivals.hasNext(); ) {
            Arrival arrival = arrivals.next();
            if (arrival.deadline().passed(now)) {
                arrivals.remove();
                arrival.frame().from().close();
            }
        }
    }

    long nanosToDeadline(long now) {
        long next = Long.MAX_VALUE;
        for (Arrival arrival : byPid.values()) {
            next = Math.min(next, arrival.deadline().nanosFrom(now));
        }
        return next;
    }
}
