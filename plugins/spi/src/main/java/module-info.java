import org.jspecify.annotations.NullMarked;

/** What a plugin author compiles against: start reading at {@link io.juwsgi.spi.Plugin}. */
@NullMarked
module io.juwsgi.spi {
    requires transitive io.juwsgi.config;
    requires transitive io.juwsgi.protocol;
    requires static transitive org.jspecify;

    exports io.juwsgi.spi;
    exports io.juwsgi.spi.balance;
    exports io.juwsgi.spi.cache;
    exports io.juwsgi.spi.exchange;
    exports io.juwsgi.spi.extension;
    exports io.juwsgi.spi.front;
    exports io.juwsgi.spi.http;
    exports io.juwsgi.spi.log;
    exports io.juwsgi.spi.metric;
    exports io.juwsgi.spi.route;
    exports io.juwsgi.spi.tls;
    exports io.juwsgi.spi.worker;
}
