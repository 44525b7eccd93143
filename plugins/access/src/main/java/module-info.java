import org.jspecify.annotations.NullMarked;

/** Who may do what: basic authentication, and what other sites' pages may ask (CORS). */
@NullMarked
module io.juwsgi.plugin.access {
    requires io.juwsgi.spi;
    requires jbcrypt;
    requires org.apache.commons.codec;
    requires static transitive org.jspecify;

    // The records of settings.
    opens io.juwsgi.plugin.access to
            io.juwsgi.config;

    provides io.juwsgi.spi.Plugin with
            io.juwsgi.plugin.access.AccessPlugin;
}
