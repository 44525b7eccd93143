package io.juwsgi.plugin.staticfiles;

import io.juwsgi.plugin.staticfiles.Lookup.Found;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.metric.MetricSink;
import io.juwsgi.spi.metric.MetricSource;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers with files where there are some, and lets everything else pass. Local files are looked at on the event loop; those of
 * another machine on threads of their own. Thread-safe.
 */
final class StaticFilter implements Filter, MetricSource {
    private static final Duration SWEEP = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The rest of the way, whose responses may name files. */
    private record WithSendfile(Handler next, SendfileTargets targets) implements Handler {
        @Override
        public void handle(Exchange exchange) {
            next.handle(exchange.withResponse(new SendfileSink(exchange, targets)));
        }
    }

    private final StaticConfig config;
    private final System.Logger logger;
    private final Lookup lookup;
    private final FileAnswers answers;
    private final RemoteLookups remote;
    private final @Nullable SendfileTargets sendable;
    private @Nullable Thread sweeper;

    StaticFilter(StaticConfig config, System.Logger logger) {
        this.config = config;
        this.logger = logger;
        this.lookup = new Lookup(config.names(), config.indexes(), config.listing());
        this.answers = new FileAnswers(config);
        this.remote = new RemoteLookups(PATIENCE, answers::send);
        this.sendable = config.sendable().isEmpty() ? null : new SendfileTargets(config.sendable(), logger);
    }

    @Override
    public void start() {
        if (config.servesNothing()) {
            logger.log(
                    System.Logger.Level.WARNING,
                    "there are no files to serve (expected: static-map or check-static, such as check-static = .)");
        }
        for (Source source : config.sources()) {
            if (!source.remote() && FileFacts.of(source.root()) == null) {
                logger.log(
                        System.Logger.Level.WARNING,
                        source.root() + " is not there (expected: a directory); nothing is served from it until it is");
            }
        }
        sweeper = Thread.ofVirtual().name("juwsgi-static-sweep").start(this::sweep);
    }

    private void sweep() {
        try {
            while (true) {
                Thread.sleep(SWEEP);
                config.sources().forEach(source -> source.files().sweep());
                if (config.documentRoots() != null) {
                    config.documentRoots().sweep();
                }
                if (sendable != null) {
                    sendable.sweep();
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    @Override
    public void handle(Exchange exchange, Handler next) {
        Request request = exchange.request();
        String path = request.path();
        Handler application = sendable == null ? next : new WithSendfile(next, sendable);
        if (!isRead(request.method()) || isSkipped(path) || !answered(exchange, application, request, path)) {
            application.handle(exchange);
        }
    }

    private static boolean isRead(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    private boolean isSkipped(String path) {
        List<String> skipped = config.skipped();
        for (int i = 0; i < skipped.size(); i++) {
            if (path.endsWith(skipped.get(i))) {
                return true;
            }
        }
        return false;
    }

    private boolean answered(Exchange exchange, Handler next, Request request, String path) {
        DocumentRoots roots = config.documentRoots();
        Source named = roots == null ? null : roots.of(request);
        if (named != null && answered(exchange, next, List.of(named), path)) {
            return true;
        }
        return answered(exchange, next, config.sources(), path);
    }

    private boolean answered(Exchange exchange, Handler next, List<Source> sources, String path) {
        for (int i = 0; i < sources.size(); i++) {
            Source source = sources.get(i);
            if (source.holds(path)) {
                String accepts = exchange.request().fields().first("accept-encoding");
                if (source.remote()) {
                    lookElsewhere(exchange, next, sources.subList(i, sources.size()), accepts);
                    return true;
                }
                Found found = lookup.in(source, path, accepts);
                if (found != null) {
                    answers.send(exchange, found);
                    return true;
                }
            }
        }
        return false;
    }

    private void lookElsewhere(Exchange exchange, Handler next, List<Source> sources, @Nullable String accepts) {
        String path = exchange.request().path();
        remote.look(exchange, next, () -> {
            for (Source source : sources) {
                Found found = source.holds(path) ? lookup.in(source, path, accepts) : null;
                if (found != null) {
                    return found;
                }
            }
            return null;
        });
    }

    @Override
    public void metrics(MetricSink sink) {
        sink.counter("static_responses", "Requests that were answered with a file or a listing.", answers.count());
        int open = config.sources().stream()
                .mapToInt(source -> source.files().size())
                .sum();
        sink.gauge("static_kept_files", "Files that are kept open or in memory.", open);
    }

    @Override
    public void close() {
        Thread running = sweeper;
        if (running != null) {
            running.interrupt();
        }
        remote.close();
        config.sources().forEach(source -> source.files().close());
        if (config.documentRoots() != null) {
            config.documentRoots().close();
        }
        if (sendable != null) {
            sendable.close();
        }
    }
}
