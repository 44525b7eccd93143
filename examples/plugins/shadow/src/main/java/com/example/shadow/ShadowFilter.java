package com.example.shadow;

import com.example.shadow.ShadowPlugin.Settings;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends a copy of a request on its way when the exchange ends, so that nobody waits for it. Thread-safe; the client's threads
 * live from {@link #start} to {@link #close}.
 */
final class ShadowFilter implements Filter {
    /** Fields that concern one connection, or that the client library sets itself. */
    private static final Set<String> LEFT_OUT = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "http2-settings",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final Set<String> CREDENTIALS = Set.of("authorization", "cookie", "proxy-authorization");

    private final Settings settings;
    private final System.Logger logger;
    private final Semaphore room;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile @Nullable HttpClient client;

    ShadowFilter(Settings settings, System.Logger logger) {
        this.settings = settings;
        this.logger = logger;
        this.room = new Semaphore(settings.limit());
    }

    @Override
    public void start() {
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public void close() {
        HttpClient open = client;
        client = null;
        if (open != null) {
            open.shutdownNow();
            open.close();
        }
    }

    @Override
    public void handle(Exchange exchange, Handler next) {
        if (isCopied(exchange)) {
            Request request = exchange.request();
            exchange.onEnd(() -> copy(request));
        }
        next.handle(exchange);
    }

    /** Only what changes nothing over there and has no body that would have to be kept. */
    private boolean isCopied(Exchange exchange) {
        return List.of("GET", "HEAD").contains(exchange.request().method())
                && exchange.request().target().startsWith("/")
                && exchange.body().length() == 0
                && Math.floorMod(turn.getAndIncrement() * 37, 100) < settings.percent();
    }

    private void copy(Request request) {
        HttpClient open = client;
        if (open == null || !room.tryAcquire()) {
            return;
        }
        try {
            var _ = open.sendAsync(copied(request), BodyHandlers.discarding()).whenComplete((answer, failure) -> {
                room.release();
                if (failure != null) {
                    logger.log(Level.DEBUG, "shadow: {0}", failure.getMessage());
                }
            });
        } catch (RuntimeException e) {
            // A target or a value that the library does not take: the copy is left out.
            room.release();
            logger.log(Level.DEBUG, "shadow: {0}", e.getMessage());
        }
    }

    private HttpRequest copied(Request request) {
        HttpRequest.Builder copy = HttpRequest.newBuilder(URI.create(settings.to() + request.target()))
                .timeout(settings.timeout())
                .method(request.method(), HttpRequest.BodyPublishers.noBody());
        Fields fields = request.fields();
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i).toLowerCase(Locale.ROOT);
            if (!LEFT_OUT.contains(name) && (settings.credentials() || !CREDENTIALS.contains(name))) {
                copy.header(fields.name(i), fields.value(i));
            }
        }
        copy.header("X-Forwarded-Host", Objects.requireNonNullElse(request.host(), ""));
        return copy.build();
    }
}
