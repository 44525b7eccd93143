package io.juwsgi.cli.control;

import io.juwsgi.master.MasterStatus;
import io.juwsgi.router.BoundListener;
import io.juwsgi.router.worker.CoreTrace;
import io.juwsgi.router.worker.PoolStats;
import io.juwsgi.router.worker.RequestStats;
import io.juwsgi.router.worker.WorkerStats;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The server's state as answers. */
final class Reports {
    private Reports() {}

    static Map<String, Object> status(
            String version, MasterStatus master, PoolStats pool, List<BoundListener> listeners) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("version", version);
        status.put("pid", master.pid());
        status.put("started", master.started().toString());
        status.put("uptime", Duration.between(master.started(), Instant.now()).toSeconds());
        status.put("generation", master.generation());
        status.put(
                "ready_workers",
                master.workers().stream()
                        .filter(worker -> worker.state() == MasterStatus.WorkerState.READY)
                        .count());
        status.put("waiting", pool.waiting());
        status.put("refused", pool.refused());
        status.put("listeners", listeners.stream().map(Reports::listener).toList());
        return status;
    }

    private static Map<String, Object> listener(BoundListener listener) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("option", listener.name());
        row.put("protocol", listener.protocol());
        row.put("address", listener.address());
        return row;
    }

    static Map<String, Object> workers(MasterStatus master, PoolStats pool) {
        List<Map<String, Object>> rows = master.workers().stream()
                .map(worker -> worker(
                        worker,
                        pool.workers().stream()
                                .filter(stats -> stats.pid() == worker.pid())
                                .findFirst()))
                .toList();
        return Map.of("workers", rows);
    }

    private static Map<String, Object> worker(MasterStatus.WorkerStatus worker, Optional<WorkerStats> counted) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", worker.id());
        row.put("pid", worker.pid());
        row.put("generation", worker.generation());
        row.put("state", lower(worker.state()));
        row.put("respawns", worker.respawnCount());
        row.put("last_spawn", worker.lastSpawn().toString());
        row.put("rss", worker.rss());
        row.put("vsz", worker.vsz());
        row.put("requests", counted.map(WorkerStats::requests).orElse(0L));
        row.put("exceptions", counted.map(WorkerStats::exceptions).orElse(0L));
        row.put("harakiri", counted.map(WorkerStats::harakiriCount).orElse(0L));
        row.put("average_micros", counted.map(WorkerStats::averageMicros).orElse(0L));
        row.put(
                "busy_cores",
                counted.map(stats -> stats.cores().stream()
                                .filter(core -> core.inFlight() > 0)
                                .count())
                        .orElse(0L));
        return row;
    }

    static Map<String, Object> requests(List<RequestStats> requests) {
        return Map.of("requests", requests.stream().map(Reports::request).toList());
    }

    private static Map<String, Object> request(RequestStats request) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", request.id());
        row.put("state", lower(request.state()));
        row.put("worker", request.worker());
        row.put("core", request.core());
        row.put("seconds", request.millis() / 1000.0);
        row.put("method", request.method());
        row.put("uri", request.uri());
        return row;
    }

    static Map<String, Object> traces(int worker, List<CoreTrace> traces) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("worker", worker);
        for (CoreTrace trace : traces) {
            Map<String, Object> core = new LinkedHashMap<>();
            core.put("request", trace.request());
            core.put("stack", trace.stack());
            answer.put("core " + trace.core(), core);
        }
        return answer;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
