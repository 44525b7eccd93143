package io.juwsgi.cache;

import io.juwsgi.cache.named.CacheLanguage;
import io.juwsgi.cache.named.CacheOptions;
import io.juwsgi.cache.named.CacheRef;
import io.juwsgi.cache.named.CacheWords;
import io.juwsgi.cache.named.CheckCache;
import io.juwsgi.cache.named.CheckCacheSettings;
import io.juwsgi.cache.named.NamedCaches;
import io.juwsgi.cache.named.NamedCachesSettings;
import io.juwsgi.cache.store.ResponseStore;
import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.Standing;
import io.juwsgi.spi.cache.CacheStore;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.extension.Extension;
import java.time.InstantSource;
import java.util.List;

/** Brings the filter {@code http-cache}. */
public final class CachePlugin implements Plugin {

    /** Makes the plugin; {@link #register} does the work. */
    public CachePlugin() {}

    @Override
    public String name() {
        return "cache";
    }

    @Override
    public void register(Extensions extensions) {
        named(extensions);
        extensions.options(List.of(Rules.OPTION));
        extensions.filter(
                Phase.CACHE,
                new Extension<>(
                        "http-cache",
                        CacheSettings.class,
                        (settings, context) -> new HttpCache(
                                settings,
                                Rules.of(settings, context.settings()),
                                context.carried(
                                        HttpCache.Kept.class,
                                        () -> new HttpCache.Kept(new ResponseStore(
                                                settings.size().bytes()))),
                                InstantSource.system(),
                                settings.store().map(id -> context.named(CacheStore.class, id))),
                        List.of(Rules.OPTION)));
    }

    /** uWSGI's caches, and what reaches them. */
    private static void named(Extensions extensions) {
        CacheRef caches = new CacheRef();
        extensions.options(CacheOptions.all());
        extensions.service(new Extension<>(
                "caches",
                NamedCachesSettings.class,
                (settings, context) -> new NamedCaches(context, caches),
                CacheOptions.making()));
        extensions.filter(
                Phase.CACHE,
                new Extension<>(
                        "cache-answers",
                        CheckCacheSettings.class,
                        (settings, context) -> new CheckCache(context.settings(), caches, context.logger()),
                        CacheOptions.answering()));
        extensions.language(new CacheLanguage(caches));
        CacheWords words = new CacheWords(caches);
        words.actions().forEach(extensions::routeAction);
        words.conditions().forEach(extensions::routeCondition);
    }

    @Override
    public Standing standing() {
        return new Standing(Standing.Status.STABLE, Standing.Trust.HARDENED);
    }
}
