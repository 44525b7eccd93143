import org.jspecify.annotations.NullMarked;

/** Response header fields: set, add, remove, and the usual ones for security. */
@NullMarked
module io.juwsgi.plugin.headers {
    requires io.juwsgi.spi;
    requires static transitive org.jspecify;

    // The records of settings.
    opens io.juwsgi.plugin.headers to
            io.juwsgi.config;

    provides io.juwsgi.spi.Plugin with
            io.juwsgi.plugin.headers.HeadersPlugin;
}
