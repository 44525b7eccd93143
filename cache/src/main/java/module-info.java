import org.jspecify.annotations.NullMarked;

/** A shared HTTP cache in front of the application. */
@NullMarked
module io.juwsgi.cache {
    requires com.github.benmanes.caffeine;
    requires io.juwsgi.spi;
    requires static transitive org.jspecify;

    // The record of settings.
    opens io.juwsgi.cache to
            io.juwsgi.config;
    opens io.juwsgi.cache.named to
            io.juwsgi.config;

    provides io.juwsgi.spi.Plugin with
            io.juwsgi.cache.CachePlugin;
}
