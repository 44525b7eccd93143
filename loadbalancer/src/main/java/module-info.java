import org.jspecify.annotations.NullMarked;

/** Balancers, health checks and discovery for upstreams. */
@NullMarked
module io.juwsgi.loadbalancer {
    requires io.juwsgi.spi;
    requires static transitive org.jspecify;

    // Records of settings.
    opens io.juwsgi.loadbalancer to
            io.juwsgi.config;

    provides io.juwsgi.spi.Plugin with
            io.juwsgi.loadbalancer.LoadBalancerPlugin;
}
