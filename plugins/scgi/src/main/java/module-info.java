import org.jspecify.annotations.NullMarked;

/** SCGI, as a protocol front. */
@NullMarked
module io.juwsgi.plugin.scgi {
    requires io.juwsgi.spi;
    requires static transitive org.jspecify;

    // The records of settings.
    opens io.juwsgi.plugin.scgi to
            io.juwsgi.config;

    provides io.juwsgi.spi.Plugin with
            io.juwsgi.plugin.scgi.ScgiPlugin;
}
