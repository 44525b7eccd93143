import org.jspecify.annotations.NullMarked;

/** The data plane. */
@NullMarked
module io.juwsgi.router {
    requires transitive io.juwsgi.spi;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.codec.http2;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires java.naming;
    requires static transitive org.jspecify;

    exports io.juwsgi.router;
    exports io.juwsgi.router.calls to
            io.juwsgi.cli;
    exports io.juwsgi.router.chain to
            io.juwsgi.cli;
    exports io.juwsgi.router.listener to
            io.juwsgi.cli;
    exports io.juwsgi.router.upstream to
            io.juwsgi.cli;
    exports io.juwsgi.router.worker to
            io.juwsgi.cli;

    // Records of settings.
    opens io.juwsgi.router.upstream to
            io.juwsgi.config;
}
