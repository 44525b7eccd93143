package io.juwsgi.cli.control;

import io.juwsgi.cli.metrics.Metrics;
import io.juwsgi.master.Master;
import io.juwsgi.router.BoundListener;
import io.juwsgi.router.worker.WorkerPool;
import io.juwsgi.spi.Controllable;
import java.util.List;
import java.util.function.Supplier;

/**
 * The parts of a running server that commands reach; any thread may use them.
 *
 * @param version the program's version
 * @param master the process plane
 * @param pool the worker pool
 * @param listeners where it listens
 * @param metrics its numbers
 * @param components what plugins offer, asked at each command
 */
public record ControlledServer(
        String version,
        Master master,
        WorkerPool pool,
        List<BoundListener> listeners,
        Metrics metrics,
        Supplier<List<Controllable>> components) {

    public ControlledServer {
        listeners = List.copyOf(listeners);
    }
}
