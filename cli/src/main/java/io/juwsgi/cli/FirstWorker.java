package io.juwsgi.cli;

import io.juwsgi.spi.worker.WorkerEndpoint;
import io.juwsgi.spi.worker.WorkerGroup;

/** Notices the first ready worker of a server that started without an application: a reload has found one. */
record FirstWorker(Runnable action) implements WorkerGroup.Listener {

    @Override
    public void ready(WorkerEndpoint worker) {
        action.run();
    }

    @Override
    public void draining(WorkerEndpoint worker) {
        // Only the first start matters.
    }

    @Override
    public void gone(WorkerEndpoint worker) {
        // Only the first start matters.
    }

    @Override
    public void state(WorkerGroup.State state) {
        // Only the first start matters.
    }
}
