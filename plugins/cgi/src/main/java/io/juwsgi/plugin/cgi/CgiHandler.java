package io.juwsgi.plugin.cgi;

import io.juwsgi.spi.exchange.BlockingExchange;
import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Request;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Answers requests with scripts, a process for each. Thread-safe. */
final class CgiHandler implements BlockingHandler {
    private final CgiSettings settings;
    private final System.Logger log;
    private final ScriptFinder finder;
    private final Semaphore slots;
    /** Pipes to processes block whole threads, and so keep away from the virtual threads that all handlers share. */
    private final ExecutorService pipes = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("juwsgi-cgi-", 0).daemon().factory());

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("juwsgi-cgi-clock").daemon().factory());

    CgiHandler(CgiSettings settings, System.Logger log) {
        this.settings = settings;
        this.log = log;
        this.finder = new ScriptFinder(settings);
        this.slots = new Semaphore(settings.processes());
    }

    @Override
    public void handle(BlockingExchange exchange) throws Exception {
        switch (finder.find(exchange.request().path())) {
            case ScriptFinder.Result.Found(Script script) -> run(exchange, script);
            case ScriptFinder.Result.ToSlash() -> toSlash(exchange);
            case ScriptFinder.Result.Missing() ->
                exchange.fail(Failure.client(404, "cgi-missing", "There is nothing at this path."));
            case ScriptFinder.Result.Forbidden(String reason) -> {
                log.log(Level.WARNING, "request=" + exchange.id() + " is not run: " + reason);
                exchange.fail(Failure.client(403, "cgi-forbidden", "This is not served."));
            }
        }
    }

    private static void toSlash(BlockingExchange exchange) throws IOException {
        String target = exchange.request().target();
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        if (!path.startsWith("/") || path.startsWith("//")) {
            exchange.fail(Failure.client(404, "cgi-missing", "There is nothing at this path."));
            return;
        }
        exchange.fields().set("Location", path + "/" + (query < 0 ? "" : target.substring(query)));
        exchange.send(301, "text/plain; charset=utf-8", "A slash is missing at the end.\n");
    }

    private void run(BlockingExchange exchange, Script script) throws Exception {
        if (lengthIsUnknown(exchange.request())) {
            exchange.fail(Failure.client(411, "cgi-length", "A script needs to know the length of the request body."));
            return;
        }
        if (!slots.tryAcquire(settings.idle().toMillis(), TimeUnit.MILLISECONDS)) {
            exchange.fail(Failure.gateway(503, "cgi-busy", "Too many scripts are running."));
            return;
        }
        try {
            new ScriptRun(exchange, script, settings, finder.helper(script.file()), log).run(pipes, clock);
        } finally {
            slots.release();
        }
    }

    private static boolean lengthIsUnknown(Request request) {
        boolean[] known = {request.fields().first("transfer-encoding") == null};
        request.variables((name, value) -> known[0] |= name.equals("CONTENT_LENGTH") && !value.isEmpty());
        return !known[0];
    }

    @Override
    public void close() {
        clock.shutdownNow();
        pipes.shutdownNow();
    }
}
