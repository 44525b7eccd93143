package io.juwsgi.plugin.routing;

import io.juwsgi.plugin.routing.action.Actions;
import io.juwsgi.plugin.routing.condition.Conditions;
import io.juwsgi.plugin.routing.variable.Variables;
import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.Standing;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.extension.Extension;
import io.juwsgi.spi.route.RouteWords;

/** Brings internal routing: the options of routes, the filter that follows them, and the words they are written with. */
public final class RoutingPlugin implements Plugin {

    /** Makes the plugin; {@link #register} does the work. */
    public RoutingPlugin() {}

    @Override
    public String name() {
        return "routing";
    }

    @Override
    public Standing standing() {
        return new Standing(Standing.Status.STABLE, Standing.Trust.HARDENED);
    }

    @Override
    public void register(Extensions extensions) {
        RouteWords words = extensions.routeWords();
        extensions.options(RouteOptions.all());
        extensions.filter(
                Phase.REWRITE,
                new Extension<>(
                        "routing",
                        RoutingSettings.class,
                        (settings, context) -> new RoutingFilter(RouteTables.compile(settings, context, words)),
                        RouteOptions.all()));
        Actions.all().forEach(extensions::routeAction);
        Conditions.all().forEach(extensions::routeCondition);
        Variables.all().forEach(extensions::routeVariable);
    }
}
