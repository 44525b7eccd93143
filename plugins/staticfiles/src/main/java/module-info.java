import org.jspecify.annotations.NullMarked;

/** Static files: uWSGI's static options, X-Sendfile and directory listings. */
@NullMarked
module io.juwsgi.plugin.staticfiles {
    requires io.juwsgi.spi;
    requires re2j;
    requires static transitive org.jspecify;

    // The record of settings.
    opens io.juwsgi.plugin.staticfiles to
            io.juwsgi.config;

    provides io.juwsgi.spi.Plugin with
            io.juwsgi.plugin.staticfiles.StaticPlugin;
}
