import org.jspecify.annotations.NullMarked;

/** Balancers, health checks and discovery for upstreams. */
@NullMarked
module io.juwsgi.loadbalancer {
    requires io.juwsgi.spi;
    requires org.jnrproject.unixsocket;
    requires static transitive org.jspecify;

    // Records of settings.
    opens io.juwsgi.loadbalancer to
            io.juwsgi.config;
    opens io.juwsgi.loadbalancer.subscription to
            io.juwsgi.config;

    provides io.juwsgi.spi.Plugin with
            io.juwsgi.loadbalancer.LoadBalancerPlugin;
}
