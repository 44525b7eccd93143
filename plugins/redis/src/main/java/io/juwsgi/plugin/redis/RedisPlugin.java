package io.juwsgi.plugin.redis;

import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.Standing;
import io.juwsgi.spi.extension.Extension;

/** Brings the cache store {@code redis}. */
public final class RedisPlugin implements Plugin {

    /** Makes the plugin; {@link #register} does the work. */
    public RedisPlugin() {}

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public void register(Extensions extensions) {
        extensions.cacheStore(new Extension<>("redis", RedisSettings.class, RedisStore::new));
    }

    @Override
    public Standing standing() {
        return new Standing(Standing.Status.STABLE, Standing.Trust.HARDENED);
    }
}
