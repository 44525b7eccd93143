package io.juwsgi.cache;

import io.juwsgi.cache.store.ResponseStore;
import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.Standing;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.extension.Extension;
import java.time.InstantSource;

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
        extensions.filter(
                Phase.CACHE,
                new Extension<>(
                        "http-cache",
                        CacheSettings.class,
                        (settings, context) -> new HttpCache(
                                settings,
                                context.carried(
                                        HttpCache.Kept.class,
                                        () -> new HttpCache.Kept(new ResponseStore(
                                                settings.size().bytes()))),
                                InstantSource.system())));
    }

    @Override
    public Standing standing() {
        return new Standing(Standing.Status.STABLE, Standing.Trust.HARDENED);
    }
}
