package io.juwsgi.loadbalancer;

import io.juwsgi.loadbalancer.check.Checks;
import io.juwsgi.loadbalancer.discovery.Discoveries;
import io.juwsgi.loadbalancer.subscription.Subscriptions;
import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.Standing;
import io.juwsgi.spi.balance.BalancerFactory;
import io.juwsgi.spi.balance.Selection;
import io.juwsgi.spi.extension.Extension;

/** Brings the balancers, health checks and discoveries that come with the program. */
public final class LoadBalancerPlugin implements Plugin {

    /** Makes the plugin; {@link #register} does the work. */
    public LoadBalancerPlugin() {}

    @Override
    public String name() {
        return "loadbalancer";
    }

    @Override
    public Standing standing() {
        return new Standing(Standing.Status.STABLE, Standing.Trust.HARDENED);
    }

    @Override
    public void register(Extensions extensions) {
        balancers(extensions);
        namesOfUwsgi(extensions);
        Checks.register(extensions);
        Discoveries.register(extensions);
        Subscriptions.register(extensions);
    }

    private static void balancers(Extensions extensions) {
        balancer(extensions, "round-robin", random -> new RoundRobin());
        balancer(extensions, "least-connections", random -> new LeastConnections(random, true));
        balancer(extensions, "two-choices", TwoChoices::new);
        balancer(extensions, "random", RandomChoice::new);
        balancer(extensions, "first", random -> new FirstAvailable());
        balancer(extensions, "maglev", random -> new Maglev());
        extensions.balancer(new Extension<>("hash", HashSettings.class, (settings, context) -> {
            double maxLoad = settings.maxLoad() / 100.0;
            return (BalancerFactory) random -> new HashRing(maxLoad, Selection::key);
        }));
        extensions.balancer(new Extension<>("sticky", StickySettings.class, (settings, context) ->
                (BalancerFactory) random -> new StickyCookie(settings, random)));
    }

    /** The algorithms that uWSGI's subscription server knows. */
    private static void namesOfUwsgi(Extensions extensions) {
        balancer(extensions, "wrr", random -> new RoundRobin());
        balancer(extensions, "lrc", random -> new LeastConnections(random, false));
        balancer(extensions, "wlrc", random -> new LeastConnections(random, true));
        balancer(extensions, "iphash", random -> new HashRing(0, LoadBalancerPlugin::clientAddress));
    }

    private static long clientAddress(Selection selection) {
        return Hashes.of(selection.request().remoteAddress(), 0);
    }

    private static void balancer(Extensions extensions, String id, BalancerFactory factory) {
        extensions.balancer(new Extension<>(id, NoSettings.class, (settings, context) -> factory));
    }
}
