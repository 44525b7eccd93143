package io.juwsgi.cli;

import io.juwsgi.cli.stats.StatsJson;
import io.juwsgi.master.Master;
import io.juwsgi.master.StopMode;
import io.juwsgi.router.worker.PoolStats;
import io.juwsgi.router.worker.WorkerPool;
import io.juwsgi.router.worker.WorkerStats;
import io.juwsgi.spi.worker.WorkerCall;
import io.juwsgi.spi.worker.WorkerFunction;
import io.juwsgi.spi.worker.WorkerFunctions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What applications ask of the server itself, such as {@code uwsgi.reload()}. Any thread may use it. */
final class ServerFunctions implements WorkerFunctions {
    private final Master master;
    private final CompletableFuture<WorkerPool> pool = new CompletableFuture<>();

    ServerFunctions(Master master) {
        this.master = master;
    }

    /** Gives it the pool, whose numbers calls wait for. */
    void pool(WorkerPool made) {
        pool.complete(made);
    }

    @Override
    public Map<String, WorkerFunction> workerFunctions() {
        return Map.of(
                "reload", call -> done(call, master::reload),
                "stop", call -> done(call, () -> master.stop(StopMode.GRACEFUL)),
                "workers", call -> ask(call, stats -> StatsJson.workers(master.status(), stats)),
                "total_requests", call -> ask(call, stats -> number(requests(stats))),
                "listen_queue", call -> ask(call, stats -> number(stats.waiting())));
    }

    private static void done(WorkerCall call, Runnable act) {
        act.run();
        call.reply();
    }

    private void ask(WorkerCall call, Function<PoolStats, byte[]> answer) {
        if (!pool.isDone()) {
            call.fail("the server has no workers yet");
            return;
        }
        var _ = pool.thenCompose(WorkerPool::stats).thenApplyAsync(answer).whenComplete((value, problem) -> {
            if (problem == null) {
                call.reply(value);
            } else {
                call.fail("the server's numbers: " + problem);
            }
        });
    }

    private static long requests(PoolStats stats) {
        return stats.workers().stream().mapToLong(WorkerStats::requests).sum();
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }
}
