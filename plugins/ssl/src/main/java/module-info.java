import org.jspecify.annotations.NullMarked;

/** TLS with the JDK's engine. */
@NullMarked
module io.juwsgi.plugin.ssl {
    requires io.juwsgi.spi;
    requires io.netty.buffer;
    requires io.netty.handler;
    requires static transitive org.jspecify;

    // The records of settings.
    opens io.juwsgi.plugin.ssl to
            io.juwsgi.config;

    provides io.juwsgi.spi.Plugin with
            io.juwsgi.plugin.ssl.SslPlugin;
}
