package io.juwsgi.master;

import io.juwsgi.spi.LogSink;
import io.juwsgi.spi.worker.GroupLoad;
import io.juwsgi.spi.worker.WorkerEndpoint;
import io.juwsgi.spi.worker.WorkerGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the listeners of the group have heard: they may come late and must miss nothing.
 *
 * <p>Mutable; owned by the master's thread, except {@link #listen}.
 */
final class PublishedWorkers implements WorkerGroup {
    private final LogSink log;
    private final Consumer<MasterEvent> events;
    private final List<Listener> listeners = new ArrayList<>();
    /** The workers that are ready (false) or draining (true). */
    private final Map<WorkerEndpoint, Boolean> workers = new LinkedHashMap<>();

    private State state = State.STARTING;
    private boolean paused;

    PublishedWorkers(LogSink log, Consumer<MasterEvent> events) {
        this.log = log;
        this.events = events;
    }

    @Override
    public void listen(Listener listener) {
        events.accept(new MasterEvent.Listen(listener));
    }

    void add(Listener listener) {
        listeners.add(listener);
        workers.forEach((worker, draining) -> {
            tell(listener, l -> l.ready(worker));
            if (draining) {
                tell(listener, l -> l.draining(worker));
            }
        });
        tell(listener, l -> l.state(state));
        if (paused) {
            tell(listener, l -> l.paused(true));
        }
    }

    void ready(WorkerEndpoint worker) {
        workers.put(worker, false);
        listeners.forEach(listener -> tell(listener, l -> l.ready(worker)));
    }

    void draining(WorkerEndpoint worker) {
        workers.put(worker, true);
        listeners.forEach(listener -> tell(listener, l -> l.draining(worker)));
    }

    void gone(WorkerEndpoint worker) {
        workers.remove(worker);
        listeners.forEach(listener -> tell(listener, l -> l.gone(worker)));
    }

    void state(State next) {
        if (next != state) {
            state = next;
            listeners.forEach(listener -> tell(listener, l -> l.state(next)));
        }
    }

    /** Says whether requests are to wait although there are workers. */
    void paused(boolean wanted) {
        paused = wanted;
        listeners.forEach(listener -> tell(listener, l -> l.paused(wanted)));
    }

    /** Returns what the listeners have to do altogether. */
    GroupLoad load() {
        GroupLoad sum = GroupLoad.NONE;
        for (Listener listener : listeners) {
            GroupLoad one = listener.load();
            sum = new GroupLoad(
                    sum.idleWorkers() + one.idleWorkers(),
                    sum.waiting() + one.waiting(),
                    sum.begun() + one.begun(),
                    sum.busyMicros() + one.busyMicros());
        }
        return sum;
    }

    /** A listener's bug must not stop the supervision. */
    private void tell(Listener listener, Consumer<Listener> news) {
        try {
            news.accept(listener);
        } catch (RuntimeException e) {
            log.line("master: a listener of the workers failed: " + e);
        }
    }
}
