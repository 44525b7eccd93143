package io.juwsgi.master;

import io.juwsgi.spi.worker.WorkerEndpoint;
import io.juwsgi.spi.worker.WorkerGroup;

/** A listener with a bug. */
final class ThrowingListener implements WorkerGroup.Listener {
    @Override
    public void ready(WorkerEndpoint worker) {
        throw new IllegalStateException("a bug");
    }

    @Override
    public void draining(WorkerEndpoint worker) {
        throw new IllegalStateException("a bug");
    }

    @Override
    public void gone(WorkerEndpoint worker) {
        throw new IllegalStateException("a bug");
    }

    @Override
    public void state(WorkerGroup.State state) {
        throw new IllegalStateException("a bug");
    }
}
