import org.jspecify.annotations.NullMarked;

/** Redis, or Valkey, as what the caches of several servers share. */
@NullMarked
module io.juwsgi.plugin.redis {
    requires io.juwsgi.spi;
    requires lettuce.core;
    requires static transitive org.jspecify;

    // The record of settings.
    opens io.juwsgi.plugin.redis to
            io.juwsgi.config;

    provides io.juwsgi.spi.Plugin with
            io.juwsgi.plugin.redis.RedisPlugin;
}
