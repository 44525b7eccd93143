package io.juwsgi.cli.metrics;

import io.juwsgi.master.Master;
import io.juwsgi.master.MasterStatus;
import io.juwsgi.master.MasterStatus.WorkerState;
import io.juwsgi.master.MasterStatus.WorkerStatus;
import io.juwsgi.router.worker.CoreStats;
import io.juwsgi.router.worker.PoolStats;
import io.juwsgi.router.worker.WorkerPool;
import io.juwsgi.router.worker.WorkerStats;
import io.juwsgi.spi.metric.MetricSink;
import io.juwsgi.spi.metric.MetricSource;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The worker processes, by number: one number may be two processes while one takes the other's place. */
record WorkerMetrics(Master master, WorkerPool pool) implements MetricSource {

    @Override
    public void metrics(MetricSink sink) {
        MasterStatus status = master.status();
        sink.gauge(
                "start_time_seconds",
                "When the server started.",
                status.started().toEpochMilli() / 1000.0);
        sink.gauge("generation", "The generation of workers that serves, from 0.", status.generation());
        for (WorkerState state : WorkerState.values()) {
            sink.gauge(
                    "workers",
                    "Worker processes by what they are doing.",
                    status.workers().stream()
                            .filter(worker -> worker.state() == state)
                            .count(),
                    "state",
                    state.name().toLowerCase(Locale.ROOT));
        }
        status.workers().stream()
                .collect(Collectors.groupingBy(WorkerStatus::id, TreeMap::new, Collectors.toList()))
                .forEach((id, workers) -> processes(sink, String.valueOf(id), workers));
        PoolStats stats = pool.stats().join();
        sink.gauge("queue_requests", "Requests that wait for a core.", stats.waiting());
        sink.counter("queue_refused", "Requests that were refused because the queue was full.", stats.refused());
        sink.counter("queue_recalled", "Requests taken back from a core that was busy for too long.", stats.recalled());
        stats.workers().stream()
                .collect(Collectors.groupingBy(WorkerStats::id, TreeMap::new, Collectors.toList()))
                .forEach((id, workers) -> work(sink, String.valueOf(id), workers));
    }

    private static void processes(MetricSink sink, String id, List<WorkerStatus> workers) {
        sink.gauge(
                "worker_resident_bytes",
                "Memory of a worker process.",
                workers.stream().mapToLong(WorkerStatus::rss).sum(),
                "worker",
                id);
        sink.counter(
                "worker_respawns",
                "Processes that took another one's place.",
                workers.stream().mapToLong(WorkerStatus::respawnCount).max().orElse(1) - 1,
                "worker",
                id);
    }

    private static void work(MetricSink sink, String id, List<WorkerStats> workers) {
        counter(sink, id, "worker_requests", "Requests that the process has answered.", workers, WorkerStats::requests);
        counter(
                sink,
                id,
                "worker_exceptions",
                "Requests that ended with an exception in the application.",
                workers,
                WorkerStats::exceptions);
        counter(
                sink,
                id,
                "worker_harakiri",
                "Requests that ran into the deadline.",
                workers,
                WorkerStats::harakiriCount);
        counter(sink, id, "worker_sent_bytes", "Bytes that the process has sent.", workers, WorkerStats::txBytes);
        sink.counter(
                "worker_busy_seconds",
                "Time that the application has worked on requests.",
                workers.stream().mapToLong(WorkerStats::runningMicros).sum() / 1e6,
                "worker",
                id);
        sink.gauge("worker_cores", "Cores of a worker.", cores(workers, false), "worker", id);
        sink.gauge("worker_cores_busy", "Cores that work on a request.", cores(workers, true), "worker", id);
    }

    private static void counter(
            MetricSink sink,
            String id,
            String name,
            String help,
            List<WorkerStats> workers,
            ToLongFunction<WorkerStats> number) {
        sink.counter(name, help, workers.stream().mapToLong(number).sum(), "worker", id);
    }

    private static long cores(List<WorkerStats> workers, boolean busyOnly) {
        return workers.stream()
                .flatMap(worker -> worker.cores().stream())
                .filter(core -> !busyOnly || core.inRequest())
                .map(CoreStats::core)
                .count();
    }
}
