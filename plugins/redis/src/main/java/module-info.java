import org.jspecify.annotations.NullMarked;

/** Redis, or Valkey, as what the caches of several servers share. */
@NullMarked
module io.juwsgi.plugin.redis {
    requires io.juwsgi.spi;
    requires java.logging;
    requires lettuce.core;
    // Lettuce's, which is no module of its own and cannot say so.
    requires io.netty.resolver.dns;
    requires org.slf4j;
    requires static transitive org.jspecify;

    // The record of settings.
    opens io.juwsgi.plugin.redis to
            io.juwsgi.config;

    provides io.juwsgi.spi.Plugin with
            io.juwsgi.plugin.redis.RedisPlugin;
}
