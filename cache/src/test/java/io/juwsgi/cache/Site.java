package io.juwsgi.cache;

import io.juwsgi.cache.store.ResponseStore;
import io.juwsgi.config.ConfigReader;
import io.juwsgi.config.OptionRegistry;
import io.juwsgi.config.Settings;
import io.juwsgi.config.typed.RecordOptions;
import io.juwsgi.spi.cache.CacheStore;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.testkit.TestApplication;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cache with an application behind it that a test writes, and a clock that it sets. */
final class Site {
    static final String DATE = "Sat, 21 Nov 2026 12:00:00 GMT";

    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final HttpCache cache;
    private final TestApplication application = new TestApplication();

    Site() {
        this("--http-cache-size", "1m", "--http-cache-max-entry", "100k");
    }

    /** Makes one with options as a user writes them. */
    Site(String... options) {
        this(Optional.empty(), options);
    }

    /** Makes one with a second level. */
    Site(Optional<CacheStore> second, String... options) {
        Settings read = read(options);
        CacheSettings settings = settings(read);
        ResponseStore store = new ResponseStore(settings.size().bytes());
        cache = new HttpCache(settings, Rules.of(settings, read), new HttpCache.Kept(store), () -> now, second);
        try {
            cache.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final RecordOptions<CacheSettings> OPTIONS = RecordOptions.of("http-cache", CacheSettings.class);

    private static Settings read(String... options) {
        OptionRegistry registry = new OptionRegistry();
        registry.add("cache", OPTIONS.options());
        registry.add("cache", List.of(Rules.OPTION));
        return new ConfigReader(registry, Path.of(""), Map.of())
                .read(List.of(options))
                .settings();
    }

    private static CacheSettings settings(Settings read) {
        List<String> failures = new ArrayList<>();
        return OPTIONS.decode(read, failures).orElseThrow(() -> new IllegalArgumentException(failures.toString()));
    }

    HttpCache cache() {
        return cache;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    void seconds(long seconds) {
        pass(Duration.ofSeconds(seconds));
    }

    Site application(Handler handler) {
        application.handledBy(handler);
        return this;
    }

    /** Makes the application answer with a status, a body and fields. */
    Site answers(int status, String body, String... fields) {
        application.answers(status, body, fields);
        return this;
    }

    /** Returns the requests that reached the application. */
    List<Request> asked() {
        return application.asked();
    }

    Answer get(String target, String... fields) {
        return send("GET", target, fields);
    }

    Answer send(String method, String target, String... fields) {
        return send(TestRequest.of(method, target).fields(fields));
    }

    Answer send(TestRequest request) {
        return send(TestExchange.of(request));
    }

    Answer send(TestExchange exchange) {
        cache.handle(exchange, application);
        return new Answer(exchange);
    }

    /** What the client gets. */
    record Answer(TestExchange exchange) {
        int status() {
            return exchange.status();
        }

        String field(String name) {
            return exchange.field(name);
        }

        String text() {
            return exchange.text();
        }

        String cacheStatus() {
            return field("Cache-Status");
        }

        boolean hit() {
            return cacheStatus().startsWith("juwsgi; hit");
        }
    }
}
