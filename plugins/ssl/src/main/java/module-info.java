import org.jspecify.annotations.NullMarked;

/** TLS with BoringSSL or the JDK. */
@NullMarked
module io.juwsgi.plugin.ssl {
    requires io.juwsgi.spi;
    requires io.netty.buffer;
    requires io.netty.handler;
    // Used by the handler when it is there.
    requires io.netty.tcnative.classes.openssl;
    requires static transitive org.jspecify;

    // The records of settings.
    opens io.juwsgi.plugin.ssl to
            io.juwsgi.config;

    provides io.juwsgi.spi.Plugin with
            io.juwsgi.plugin.ssl.SslPlugin;
}
