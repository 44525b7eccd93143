package io.juwsgi.router.worker;

import io.juwsgi.spi.worker.WorkerEndpoint;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A worker as the process plane would publish it; keeps what the pool reports. */
final class FakeEndpoint implements WorkerEndpoint {
    private final int id;
    private final int cores;
    private final Path socket;
    final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
    final BlockingQueue<String> drained = new LinkedBlockingQueue<>();
    final AtomicInteger worn = new AtomicInteger();

    FakeEndpoint(int id, int cores, Path socket) {
        this.id = id;
        this.cores = cores;
        this.socket = socket;
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public long pid() {
        return ProcessHandle.current().pid();
    }

    @Override
    public int generation() {
        return 0;
    }

    @Override
    public int cores() {
        return cores;
    }

    @Override
    public Path linkSocket() {
        return socket;
    }

    @Override
    public void drained() {
        drained.add("drained");
    }

    @Override
    public void worn() {
        worn.incrementAndGet();
    }

    @Override
    public void failed(String reason) {
        failures.add(reason);
    }
}
