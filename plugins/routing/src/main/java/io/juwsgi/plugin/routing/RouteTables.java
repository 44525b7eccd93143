package io.juwsgi.plugin.routing;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Setting;
import io.juwsgi.spi.extension.Context;
import io.juwsgi.spi.extension.LifeCycle;
import io.juwsgi.spi.route.RouteStage;
import io.juwsgi.spi.route.RouteWords;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The four tables of one configuration. Immutable.
 *
 * @param request looked at when a request has come
 * @param error looked at when a response's status is known
 * @param response looked at before a response goes out
 * @param last looked at when an exchange has ended
 */
record RouteTables(RouteTable request, RouteTable error, RouteTable response, RouteTable last) {

    /**
     * Compiles all routes.
     *
     * @throws ConfigException with a line for each route that is wrong
     */
    static RouteTables compile(RoutingSettings settings, Context context, RouteWords words) {
        RouteCompilation compilation = new RouteCompilation(words, settings.patternSteps(), context.logger());
        Map<RouteStage, List<Route>> routes = new EnumMap<>(RouteStage.class);
        List<String> failures = new ArrayList<>();
        for (Setting setting : context.settings().all()) {
            RouteOptions.Meaning meaning = RouteOptions.of(setting.option());
            if (meaning != null) {
                try {
                    routes.computeIfAbsent(meaning.stage(), stage -> new ArrayList<>())
                            .add(compilation.compile(meaning.form(), setting));
                } catch (IllegalArgumentException e) {
                    failures.add(setting.origin() + ": " + setting.option().name() + ": " + e.getMessage());
                }
            }
        }
        RouteTables tables = new RouteTables(
                table(routes, RouteStage.REQUEST),
                table(routes, RouteStage.ERROR),
                table(routes, RouteStage.RESPONSE),
                table(routes, RouteStage.FINAL));
        if (failures.isEmpty()) {
            tables.all().forEach(table -> GotoCheck.check(table, failures));
        }
        if (!failures.isEmpty()) {
            throw new ConfigException(String.join("\n", failures));
        }
        return tables;
    }

    private static RouteTable table(Map<RouteStage, List<Route>> routes, RouteStage stage) {
        return new RouteTable(stage, Objects.requireNonNullElse(routes.get(stage), List.of()));
    }

    List<RouteTable> all() {
        return List.of(request, error, response, last);
    }

    /** Returns everything in the routes that has a life, in order. */
    List<LifeCycle> parts() {
        List<LifeCycle> parts = new ArrayList<>();
        for (RouteTable table : all()) {
            for (Route route : table.routes()) {
                if (route.test() instanceof Route.Test.Holds holds) {
                    parts.add(holds.condition());
                }
                parts.add(route.action());
            }
        }
        return parts;
    }

    /** Returns whether responses have to be looked at. */
    boolean watchResponses() {
        return !error.isEmpty() || !response.isEmpty() || !last.isEmpty();
    }
}
