package io.juwsgi.master;

import io.juwsgi.spi.worker.GroupLoad;
import io.juwsgi.spi.worker.WorkerEndpoint;
import io.juwsgi.spi.worker.WorkerGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** A listener that remembers what it heard, and may answer {@code draining} with {@code drained} at once. */
final class RecordingRouter implements WorkerGroup.Listener {
    /** What was told of a worker, in order: READY, DRAINING, GONE; or the state of the group with no worker. */
    record News(String what, int id, int generation, long pid, WorkerEndpoint worker) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final List<News> heard = new ArrayList<>();
    private volatile boolean idle = true;
    private volatile GroupLoad load = GroupLoad.NONE;

    /** Says whether draining workers have nothing left to answer. */
    void idle(boolean nothingRuns) {
        idle = nothingRuns;
    }

    @Override
    public void ready(WorkerEndpoint worker) {
        add("READY", worker);
    }

    @Override
    public void draining(WorkerEndpoint worker) {
        add("DRAINING", worker);
        if (idle) {
            worker.drained();
        }
    }

    @Override
    public void gone(WorkerEndpoint worker) {
        add("GONE", worker);
    }

    /** Says how much there is to do. */
    void load(GroupLoad now) {
        load = now;
    }

    @Override
    public GroupLoad load() {
        return load;
    }

    @Override
    public void state(WorkerGroup.State state) {
        add(new News(state.name(), 0, 0, 0, null));
    }

    private void add(String what, WorkerEndpoint worker) {
        add(new News(what, worker.id(), worker.generation(), worker.pid(), worker));
    }

    private void add(News news) {
        lock.lock();
        try {
            heard.add(news);
            added.signalAll();
        } finally {
            lock.unlock();
        }
    }

    List<News> all() {
        lock.lock();
        try {
            return List.copyOf(heard);
        } finally {
            lock.unlock();
        }
    }

    /** Returns what was heard as text such as {@code READY 1/0}: worker 1 of generation 0. */
    List<String> story() {
        return all().stream()
                .map(n -> n.worker() == null ? n.what() : n.what() + " " + n.id() + "/" + n.generation())
                .toList();
    }

    News await(Predicate<News> wanted, int count) throws Exception {
        long left = TimeUnit.SECONDS.toNanos(30);
        lock.lock();
        try {
            while (true) {
                List<News> found = heard.stream().filter(wanted).toList();
                if (found.size() >= count) {
                    return found.get(count - 1);
                }
                if (left <= 0) {
                    throw new TimeoutException("only " + found.size() + " of " + count + " in " + story());
                }
                left = added.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something told of the workers of a generation {@code count} times; returns the last. */
    News await(String what, int generation, int count) throws Exception {
        return await(n -> n.what().equals(what) && n.generation() == generation, count);
    }

    News awaitPid(String what, long pid) throws Exception {
        return await(n -> n.what().equals(what) && n.pid() == pid, 1);
    }
}
