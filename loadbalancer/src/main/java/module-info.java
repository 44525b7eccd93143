import org.jspecify.annotations.NullMarked;

/** Balancers, health checks and discovery for upstreams. */
@NullMarked
module io.juwsgi.loadbalancer {
    requires io.juwsgi.spi;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.dns;
    requires io.netty.common;
    requires io.netty.resolver;
    requires io.netty.resolver.dns;
    requires io.netty.transport;
    requires org.jnrproject.unixsocket;
    requires static transitive org.jspecify;

    // Records of settings.
    opens io.juwsgi.loadbalancer to
            io.juwsgi.config;
    opens io.juwsgi.loadbalancer.check to
            io.juwsgi.config;
    opens io.juwsgi.loadbalancer.discovery to
            io.juwsgi.config;
    opens io.juwsgi.loadbalancer.subscription to
            io.juwsgi.config;

    provides io.juwsgi.spi.Plugin with
            io.juwsgi.loadbalancer.LoadBalancerPlugin;
}
