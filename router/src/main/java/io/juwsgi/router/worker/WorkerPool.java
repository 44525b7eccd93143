package io.juwsgi.router.worker;

import io.juwsgi.spi.LogSink;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.worker.GroupLoad;
import io.juwsgi.spi.worker.WorkerEndpoint;
import io.juwsgi.spi.worker.WorkerGroup;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The application as a handler: gives exchanges to the cores of the workers that the process plane publishes. Owned by
 * one event loop; its public methods may be called from any thread.
 *
 * <p>Exchanges of that event loop pass without a hop. Those of another are handed over, see {@link RemoteExchange}.
 */
public final class WorkerPool implements Handler, WorkerGroup.Listener, AutoCloseable {
    /** How often deadlines of requests are looked at, in milliseconds. */
    private static final long TICK = 100;

    private final EventLoop loop;
    private final PoolContext context;
    private final Dispatcher dispatcher;
    private final Runnable watch;
    private final Call.Owner owner = this::ended;
    private final CallBody.Gathered gathered = this::admit;
    private final Map<WorkerEndpoint, WorkerLink> workers = new LinkedHashMap<>();
    private final Future<?> ticker;
    private final Interventions interventions;
    private WorkerGroup.State state = WorkerGroup.State.STARTING;
    private int lastId;
    private long begun;
    private volatile GroupLoad load = GroupLoad.NONE;
    /** What workers had done that are gone. */
    private long pastMicros;

    private long refused;

    /**
     * Makes a pool without workers; register it with {@link WorkerGroup#listen}.
     *
     * @param loop the event loop that carries the worker links, best that of most connections
     * @param log takes the reports of requests that ran into their deadline
     */
    public WorkerPool(EventLoop loop, PoolSettings settings, LogSink log) {
        this.loop = loop;
        this.dispatcher = new Dispatcher(System::nanoTime, this::armWatch);
        this.watch = dispatcher::watch;
        this.context = new PoolContext(loop, settings, log, dispatcher);
        this.interventions = new Interventions(dispatcher, workers.values());
        this.ticker = loop.scheduleAtFixedRate(this::tick, TICK, TICK, TimeUnit.MILLISECONDS);
    }

    /** Treats requests so from now on; those that a worker has already keep their deadlines. */
    public void settings(PoolSettings next) {
        loop.execute(() -> context.settings(next));
    }

    private void armWatch(long delayNanos) {
        // Never cancelled: it fires once and does nothing when nothing waits any more.
        Future<?> _ = loop.schedule(watch, delayNanos, TimeUnit.NANOSECONDS);
    }

    // ---- exchanges

    @Override
    public void handle(Exchange exchange) {
        if (exchange.eventLoop().equals(loop)) {
            accept(exchange);
        } else {
            RemoteExchange.handOver(exchange, loop, this::accept);
        }
    }

    private void accept(Exchange exchange) {
        if (exchange.ended() || refuses(exchange)) {
            return;
        }
        begun++;
        Call call = new Call(exchange, nextId(), owner);
        exchange.onEnd(call);
        if (call.body().gather(gathered, context.settings().buffering())) {
            dispatcher.add(call);
        }
    }

    /** A body is whole: by now the queue may be full. */
    private void admit(Call call) {
        if (!call.exchange().ended() && !refuses(call.exchange())) {
            dispatcher.add(call);
        }
    }

    private boolean refuses(Exchange exchange) {
        if (state == WorkerGroup.State.UNAVAILABLE) {
            exchange.fail(unavailable());
            return true;
        }
        if (dispatcher.waiting() >= context.settings().queueLimit()) {
            refused++;
            exchange.fail(Failure.gateway(503, "queue-full", "Too many requests wait for the application."));
            return true;
        }
        return false;
    }

    private static Failure unavailable() {
        return Failure.gateway(503, "no-worker", "The application is not available.");
    }

    private int nextId() {
        lastId++;
        if (lastId == 0) {
            // 0 stands for no request on the worker link.
            lastId++;
        }
        return lastId;
    }

    private void ended(Call call) {
        switch (call.place()) {
            case GATHERING -> call.done();
            case WAITING -> dispatcher.cancel(call);
            case IN_FLIGHT -> {
                Core core = call.core();
                if (core != null) {
                    core.abandoned(call);
                }
            }
            case DONE -> {}
        }
    }

    // ---- workers

    @Override
    public void ready(WorkerEndpoint worker) {
        loop.execute(() -> {
            WorkerLink link = new WorkerLink(worker, context);
            workers.put(worker, link);
            link.connect();
        });
    }

    @Override
    public void draining(WorkerEndpoint worker) {
        loop.execute(() -> {
            WorkerLink link = workers.get(worker);
            if (link != null) {
                link.drain();
            }
        });
    }

    @Override
    public void gone(WorkerEndpoint worker) {
        loop.execute(() -> {
            WorkerLink link = workers.get(worker);
            if (link != null) {
                link.processGone(System.nanoTime());
            }
        });
    }

    @Override
    public void state(WorkerGroup.State newState) {
        loop.execute(() -> {
            state = newState;
            if (newState == WorkerGroup.State.UNAVAILABLE) {
                failWaiting();
            }
        });
    }

    @Override
    public void paused(boolean paused) {
        loop.execute(() -> dispatcher.pause(paused));
    }

    private void failWaiting() {
        Call call;
        while ((call = dispatcher.poll()) != null) {
            call.done();
            call.fail(unavailable());
        }
    }

    private void tick() {
        long now = System.nanoTime();
        // A copy, since a worker that is lost may bring news of another.
        for (WorkerLink worker : List.copyOf(workers.values())) {
            worker.tick(now);
        }
        expireWaiting(now);
        workers.values().removeIf(this::isOver);
        load = measured();
    }

    /** An answer that comes too late helps nobody: whoever has waited too long hears so while he may still try elsewhere. */
    private void expireWaiting(long now) {
        long limit = context.settings().queueTimeout().toNanos();
        Call call;
        while (limit > 0
                && state == WorkerGroup.State.SERVING
                && (call = dispatcher.waitingSince(now - limit)) != null) {
            refused++;
            dispatcher.cancel(call);
            call.fail(Failure.gateway(503, "queue-timeout", "The application is too busy to answer in time."));
        }
    }

    private boolean isOver(WorkerLink worker) {
        boolean over = worker.isOver();
        pastMicros += over ? worker.runningMicros() : 0;
        return over;
    }

    private GroupLoad measured() {
        int idle = 0;
        long micros = pastMicros;
        for (WorkerLink worker : workers.values()) {
            idle += worker.isIdle() ? 1 : 0;
            micros += worker.runningMicros();
        }
        return new GroupLoad(idle, dispatcher.waiting(), begun, micros);
    }

    @Override
    public GroupLoad load() {
        return load;
    }

    /** Returns the pool's state at some moment soon; the future completes on the event loop. */
    public CompletableFuture<PoolStats> stats() {
        return CompletableFuture.supplyAsync(this::snapshot, loop);
    }

    /** Returns the requests that are not answered at some moment soon; the future completes on the event loop. */
    public CompletableFuture<List<RequestStats>> requests() {
        return CompletableFuture.supplyAsync(() -> interventions.requests(System.nanoTime()), loop);
    }

    /**
     * Ends a request with 503, and stops the application's work on it.
     *
     * @param id the request id
     * @return whether there is such a request; the future completes on the event loop
     */
    public CompletableFuture<Boolean> kill(String id) {
        return CompletableFuture.supplyAsync(() -> interventions.kill(id, System.nanoTime()), loop);
    }

    /**
     * Asks a worker what its cores do.
     *
     * @param worker the worker's number
     * @return its cores, by number, empty when there is no such worker
     */
    public CompletableFuture<List<CoreTrace>> trace(int worker) {
        CompletableFuture<List<CoreTrace>> answer = new CompletableFuture<>();
        loop.execute(() -> interventions.trace(worker, answer::complete));
        return answer;
    }

    private PoolStats snapshot() {
        List<WorkerStats> all = new ArrayList<>(workers.size());
        workers.values().forEach(worker -> all.add(worker.stats()));
        all.sort(Comparator.comparingInt(WorkerStats::id));
        return new PoolStats(dispatcher.waiting(), dispatcher.recalled(), refused, all);
    }

    /** Refuses what waits and ends the connections to all workers; what is in flight fails. */
    @Override
    public void close() {
        ticker.cancel(false);
        loop.execute(() -> {
            state = WorkerGroup.State.UNAVAILABLE;
            List.copyOf(workers.values()).forEach(WorkerLink::close);
            workers.clear();
            failWaiting();
        });
    }
}
