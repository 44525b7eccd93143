package io.juwsgi.router.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A pool on an event loop of its own, with the workers that a test plays. */
final class PoolRig implements AutoCloseable {

    /** Code that may throw. */
    interface Action {
        void run() throws Exception;
    }

    private final MultiThreadIoEventLoopGroup group;
    private final MultiThreadIoEventLoopGroup foreign = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<FakeWorker> workers = new ArrayList<>();
    final BlockingQueue<String> log = new LinkedBlockingQueue<>();
    final EventLoop loop;
    final WorkerPool pool;

    PoolRig(PoolSettings settings) {
        this(settings, Epoll.isAvailable());
    }

    PoolRig(PoolSettings settings, boolean epoll) {
        group = new MultiThreadIoEventLoopGroup(1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        loop = group.next();
        pool = new WorkerPool(loop, settings, log::add);
    }

    /** Starts a worker and waits until the pool is connected to it. */
    FakeWorker worker(int id, int cores, Path directory) throws Exception {
        FakeWorker worker = new FakeWorker(id, cores, directory);
        return publish(worker, cores);
    }

    /** Starts a worker that does not read from its core until it is told to. */
    FakeWorker deafWorker(int id, Path directory) throws Exception {
        FakeWorker worker = new FakeWorker(id, 1, directory);
        worker.deafen();
        return publish(worker, 1);
    }

    private FakeWorker publish(FakeWorker worker, int cores) throws Exception {
        workers.add(worker);
        pool.ready(worker.endpoint);
        worker.awaitConnections(cores + 1);
        return worker;
    }

    TestExchange exchange(String method, String target) {
        return TestExchange.of(TestRequest.of(method, target), loop);
    }

    TestExchange foreignExchange(String method, String target) {
        return TestExchange.of(TestRequest.of(method, target), foreign.next());
    }

    /** Gives an exchange to the pool on the exchange's own thread, and waits until it was taken. */
    void handle(TestExchange exchange) throws Exception {
        CompletableFuture.runAsync(() -> pool.handle(exchange), exchange.eventLoop())
                .get(20, TimeUnit.SECONDS);
    }

    TestExchange request(String method, String target) throws Exception {
        return request(TestRequest.of(method, target));
    }

    TestExchange request(TestRequest request) throws Exception {
        TestExchange exchange = TestExchange.of(request, loop);
        handle(exchange);
        return exchange;
    }

    /** Returns whether core 0 of {@code worker} gets and answers one more request. */
    boolean answers(FakeWorker worker, String target) throws Exception {
        TestExchange exchange = request("GET", target);
        FakeWorker.Frame request = worker.next(0);
        worker.answer(request, target);
        return exchange.awaitEnd().text().equals(target);
    }

    PoolStats stats() throws Exception {
        return pool.stats().get(20, TimeUnit.SECONDS);
    }

    void onLoop(Action action) throws Exception {
        CompletableFuture.runAsync(() -> unchecked(action), loop).get(20, TimeUnit.SECONDS);
    }

    void unchecked(Action action) {
        try {
            action.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for a condition that has no event of its own. */
    void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() throws Exception {
        pool.close();
        for (FakeWorker worker : workers) {
            worker.close();
        }
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).await(20, TimeUnit.SECONDS);
        foreign.shutdownGracefully(0, 5, TimeUnit.SECONDS).await(20, TimeUnit.SECONDS);
    }
}
