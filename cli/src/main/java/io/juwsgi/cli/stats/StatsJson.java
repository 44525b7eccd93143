package io.juwsgi.cli.stats;

import io.juwsgi.cli.control.JsonTree;
import io.juwsgi.master.MasterStatus;
import io.juwsgi.master.MasterStatus.WorkerState;
import io.juwsgi.master.MasterStatus.WorkerStatus;
import io.juwsgi.router.BoundListener;
import io.juwsgi.router.chain.ExtensionStats;
import io.juwsgi.router.upstream.UpstreamStats;
import io.juwsgi.router.worker.CoreStats;
import io.juwsgi.router.worker.PoolStats;
import io.juwsgi.router.worker.WorkerStats;
import io.juwsgi.spi.StatsSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The server's state as uWSGI's stats JSON: uwsgi-features of uWSGI 2.0, section "Statistics". What juwsgi has no number
 * for is there with 0, because readers ask for every key.
 */
public final class StatsJson {
    private static final JsonFactory JSON = new JsonFactory();

    /** Lists of components that readers ask for. */
    private static final List<String> ALWAYS = List.of("locks", "caches");

    private StatsJson() {}

    /**
     * Returns the JSON text in UTF-8.
     *
     * @param version juwsgi's version
     * @param master the process plane
     * @param pool the worker pool
     * @param listeners the bound listeners
     * @param extensions the active extensions
     * @param upstreams the upstreams that requests are passed on to
     * @param sources components that have lists of their own
     */
    public static byte[] of(
            String version,
            MasterStatus master,
            PoolStats pool,
            List<BoundListener> listeners,
            List<ExtensionStats> extensions,
            List<UpstreamStats> upstreams,
            List<StatsSource> sources) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(8192);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeStringProperty("version", version);
            json.writeNumberProperty("listen_queue", pool.waiting());
            json.writeNumberProperty("listen_queue_errors", pool.refused());
            json.writeNumberProperty("signal_queue", 0);
            json.writeNumberProperty("load", pool.waiting());
            json.writeNumberProperty("pid", master.pid());
            json.writeNumberProperty("uid", owner("unix:uid"));
            json.writeNumberProperty("gid", owner("unix:gid"));
            json.writeStringProperty("cwd", Path.of("").toAbsolutePath().toString());
            emptyArrays(json, "daemons");
            lists(json, sources);
            json.writeObjectPropertyStart("metrics");
            json.writeEndObject();
            sockets(json, listeners);
            json.writeName("workers");
            workers(json, master, pool);
            emptyArrays(json, "spoolers", "crons", "legions");
            extensions(json, extensions);
            UpstreamsJson.write(json, upstreams);
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    /** Returns the workers alone, as a JSON array in UTF-8. */
    public static byte[] workers(MasterStatus master, PoolStats pool) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            workers(json, master, pool);
        }
        return out.toByteArray();
    }

    private static void workers(JsonGenerator json, MasterStatus master, PoolStats pool) {
        json.writeStartArray();
        for (WorkerStatus worker : master.workers()) {
            worker(json, worker, counted(pool, worker));
        }
        json.writeEndArray();
    }

    /** What components have. */
    private static void lists(JsonGenerator json, List<StatsSource> sources) {
        for (String name : ALWAYS) {
            if (sources.stream().noneMatch(source -> source.statsName().equals(name))) {
                emptyArrays(json, name);
            }
        }
        for (StatsSource source : sources) {
            json.writeName(source.statsName());
            JsonTree.write(json, source.stats());
        }
    }

    private static Optional<WorkerStats> counted(PoolStats pool, WorkerStatus worker) {
        return pool.workers().stream()
                .filter(stats -> stats.pid() == worker.pid())
                .findFirst();
    }

    private static void emptyArrays(JsonGenerator json, String... names) {
        for (String name : names) {
            json.writeArrayPropertyStart(name);
            json.writeEndArray();
        }
    }

    private static void sockets(JsonGenerator json, List<BoundListener> listeners) {
        json.writeArrayPropertyStart("sockets");
        for (BoundListener listener : listeners) {
            json.writeStartObject();
            json.writeStringProperty("name", listener.address());
            json.writeStringProperty("proto", listener.protocol());
            json.writeNumberProperty("queue", 0);
            json.writeNumberProperty("max_queue", 0);
            json.writeNumberProperty("shared", 0);
            json.writeNumberProperty("can_offload", 0);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void worker(JsonGenerator json, WorkerStatus worker, Optional<WorkerStats> counted) {
        long requests = counted.map(WorkerStats::requests).orElse(0L);
        json.writeStartObject();
        json.writeNumberProperty("id", worker.id());
        json.writeNumberProperty("pid", worker.pid());
        json.writeNumberProperty("accepting", worker.state() == WorkerState.READY ? 1 : 0);
        json.writeNumberProperty("requests", requests);
        json.writeNumberProperty("delta_requests", requests);
        json.writeNumberProperty(
                "exceptions", counted.map(WorkerStats::exceptions).orElse(0L));
        json.writeNumberProperty(
                "harakiri_count", counted.map(WorkerStats::harakiriCount).orElse(0L));
        json.writeNumberProperty("signals", 0);
        json.writeNumberProperty("signal_queue", 0);
        json.writeStringProperty("status", status(worker, counted));
        json.writeNumberProperty("rss", worker.rss());
        json.writeNumberProperty("vsz", worker.vsz());
        json.writeNumberProperty(
                "running_time", counted.map(WorkerStats::runningMicros).orElse(0L));
        json.writeNumberProperty("last_spawn", worker.lastSpawn().getEpochSecond());
        json.writeNumberProperty("respawn_count", worker.respawnCount());
        json.writeNumberProperty("tx", counted.map(WorkerStats::txBytes).orElse(0L));
        json.writeNumberProperty(
                "avg_rt", counted.map(WorkerStats::averageMicros).orElse(0L));
        apps(json, requests, counted.map(WorkerStats::exceptions).orElse(0L));
        json.writeArrayPropertyStart("cores");
        for (CoreStats core : counted.map(WorkerStats::cores).orElse(List.of())) {
            core(json, core);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static String status(WorkerStatus worker, Optional<WorkerStats> counted) {
        if (worker.state() != WorkerState.READY) {
            return "cheap";
        }
        return counted.map(stats -> stats.cores().stream().anyMatch(CoreStats::inRequest))
                        .orElse(false)
                ? "busy"
                : "idle";
    }

    private static void apps(JsonGenerator json, long requests, long exceptions) {
        json.writeArrayPropertyStart("apps");
        json.writeStartObject();
        json.writeNumberProperty("id", 0);
        json.writeNumberProperty("modifier1", 0);
        json.writeStringProperty("mountpoint", "");
        json.writeNumberProperty("startup_time", 0);
        json.writeNumberProperty("requests", requests);
        json.writeNumberProperty("exceptions", exceptions);
        json.writeStringProperty("chdir", "");
        json.writeEndObject();
        json.writeEndArray();
    }

    /** The request's target stays out: it may hold secrets, and uWSGI's {@code vars} would show every header. */
    private static void core(JsonGenerator json, CoreStats core) {
        json.writeStartObject();
        json.writeNumberProperty("id", core.core());
        json.writeNumberProperty("requests", core.requests());
        for (String name :
                List.of("static_requests", "routed_requests", "offloaded_requests", "write_errors", "read_errors")) {
            json.writeNumberProperty(name, 0);
        }
        json.writeNumberProperty("in_request", core.inRequest() ? 1 : 0);
        emptyArrays(json, "vars");
        json.writeObjectPropertyStart("req_info");
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Beyond what uWSGI has: how plugins behave. */
    private static void extensions(JsonGenerator json, List<ExtensionStats> extensions) {
        json.writeArrayPropertyStart("extensions");
        for (ExtensionStats extension : extensions) {
            json.writeStartObject();
            json.writeStringProperty("id", extension.id());
            json.writeNumberProperty("exceptions", extension.exceptions());
            json.writeNumberProperty("blocked", extension.blocked());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static int owner(String attribute) {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), attribute);
        } catch (IOException | UnsupportedOperationException e) {
            return -1;
        }
    }
}
