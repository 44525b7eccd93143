package io.juwsgi.cache.named;

import io.juwsgi.config.Settings;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Answers GET with the whole response that a named cache has under the request's URI: uWSGI's {@code check-cache}. */
public final class CheckCache implements Filter {
    private final CacheRef caches;
    private final String name;
    private final System.Logger log;
    private volatile boolean warned;

    /** Makes it as the settings say. */
    public CheckCache(Settings settings, CacheRef caches, System.Logger log) {
        this.caches = caches;
        this.log = log;
        this.name = settings.get(CacheOptions.CHECK_CACHE)
                .filter(given -> !given.equals("true"))
                .orElse("");
    }

    @Override
    public void handle(Exchange exchange, Handler next) {
        StoredAnswer answer = find(exchange.request());
        if (answer == null) {
            next.handle(exchange);
            return;
        }
        exchange.response().head(answer.response());
        if (answer.body().length > 0) {
            exchange.response().data(Chunk.of(answer.body()));
        }
        exchange.response().end();
    }

    private @Nullable StoredAnswer find(Request request) {
        NamedCache cache = request.method().equals("GET") && request.modifier1() == 0 ? caches.find(name) : null;
        Bytes key = new Bytes(request.target().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        byte[] value = cache == null ? null : cache.get(key);
        if (value == null) {
            return null;
        }
        StoredAnswer answer = StoredAnswer.parse(value);
        if (answer == null && !warned) {
            warned = true;
            log.log(Level.WARNING, "check-cache: a value is no whole HTTP response; such ones are passed over");
        }
        return answer;
    }
}
