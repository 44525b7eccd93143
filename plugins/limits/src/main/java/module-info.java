import org.jspecify.annotations.NullMarked;

/** Limits on how many requests a client may make. */
@NullMarked
module io.juwsgi.plugin.limits {
    requires io.juwsgi.spi;
    requires static transitive org.jspecify;

    // The records of settings.
    opens io.juwsgi.plugin.limits to
            io.juwsgi.config;

    provides io.juwsgi.spi.Plugin with
            io.juwsgi.plugin.limits.LimitsPlugin;
}
