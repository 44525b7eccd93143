package io.juwsgi.cache.named;

import io.juwsgi.config.Settings;
import io.juwsgi.protocol.uwsgi.UwsgiHeader;
import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.extension.Context;
import io.juwsgi.spi.worker.HandlerLanguage;
import java.util.Optional;
import java.util.Set;

/** Lets other servers ask for the named caches: uwsgi packets with modifier1 111, as uWSGI sends them for {@code name@address}. */
public final class CacheLanguage implements HandlerLanguage {
    private final CacheRef caches;

    /** Makes it for the caches that {@code caches} will be told of. */
    public CacheLanguage(CacheRef caches) {
        this.caches = caches;
    }

    @Override
    public String name() {
        return "cache";
    }

    @Override
    public Set<Integer> modifiers() {
        return Set.of(UwsgiHeader.CACHE);
    }

    @Override
    public Optional<BlockingHandler> handler(Settings settings, Context context) {
        boolean some = settings.has(CacheOptions.CACHE2) || settings.has(CacheOptions.CACHE);
        return some ? Optional.of(new CacheAnswers(caches)) : Optional.empty();
    }
}
