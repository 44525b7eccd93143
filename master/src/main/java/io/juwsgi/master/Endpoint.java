package io.juwsgi.master;

import io.juwsgi.spi.worker.WorkerEndpoint;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A ready worker as the router sees it: constant, and its reports become messages. */
final class Endpoint implements WorkerEndpoint {
    private final Worker worker;
    private final int id;
    private final int generation;
    private final long pid;
    private final int cores;
    private final Path linkSocket;
    private final Consumer<MasterEvent> events;

    Endpoint(Worker worker, long pid, int cores, Path linkSocket, Consumer<MasterEvent> events) {
        this.worker = worker;
        this.id = worker.id();
        this.generation = worker.generation();
        this.pid = pid;
        this.cores = cores;
        this.linkSocket = linkSocket;
        this.events = events;
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public int generation() {
        return generation;
    }

    @Override
    public int cores() {
        return cores;
    }

    @Override
    public Path linkSocket() {
        return linkSocket;
    }

    @Override
    public void drained() {
        events.accept(new MasterEvent.Drained(worker));
    }

    @Override
    public void worn() {
        events.accept(new MasterEvent.Worn(worker));
    }

    @Override
    public void failed(String reason) {
        events.accept(new MasterEvent.Failed(worker, reason));
    }

    @Override
    public String toString() {
        return "worker " + id + " (pid: " + pid + ", generation: " + generation + ")";
    }
}
