package io.juwsgi.plugin.routing;

import io.juwsgi.config.Setting;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.route.RouteStage;
import io.juwsgi.spi.route.RouteStep;
import java.util.ArrayList;
import java.util.List;

/** What routes are, and what they do with one request, in words. */
final class Explanation {
    private Explanation() {}

    /** Returns all routes as they were compiled, a line each, table by table. */
    static List<String> of(RouteTables tables) {
        List<String> lines = new ArrayList<>();
        for (RouteTable table : tables.all()) {
            if (!table.isEmpty()) {
                lines.add(when(table.stage()));
            }
            int number = 0;
            for (Route route : table.routes()) {
                String engine = route.engine().isEmpty() ? "" : " [" + route.engine() + "]";
                lines.add("  " + number++ + " " + written(route) + engine);
            }
        }
        return lines;
    }

    private static String when(RouteStage stage) {
        return switch (stage) {
            case REQUEST -> "when a request has come:";
            case ERROR -> "when the status of a response is known:";
            case RESPONSE -> "before a response goes out:";
            case FINAL -> "when a request has ended:";
        };
    }

    private static String written(Route route) {
        Setting setting = route.setting();
        // The arguments are a password.
        String value = route.actionName().startsWith("basicauth")
                ? setting.value().replaceFirst("(basicauth[a-z-]*:[^,]*,).*", "$1...")
                : setting.value();
        return setting.origin() + " " + setting.option().name() + " = " + value;
    }

    /** Returns which routes apply to a request, and what comes of it; the application is taken to answer with 200. */
    static List<String> of(RoutingFilter filter, Request request) {
        List<String> lines = new ArrayList<>();
        DryExchange exchange = new DryExchange(request);
        filter.handle(
                exchange,
                going -> {
                    Request seen = going.request();
                    String query = seen.query().isEmpty() ? "" : "?" + seen.query();
                    lines.add("the application gets " + seen.method() + " " + seen.path() + query
                            + ", and is taken to answer with 200");
                    going.response().head(new Response(200, "OK", new Fields()));
                    going.response().end();
                },
                (route, step) -> lines.add(written(route) + " applies; " + then(step)));
        lines.add(exchange.outcome());
        return lines;
    }

    private static String then(RouteStep step) {
        return switch (step) {
            case RouteStep.Next() -> "the next route is looked at";
            case RouteStep.Continue() -> "no further route is looked at";
            case RouteStep.Break() -> "the request ends here";
            case RouteStep.Goto(String label) -> "the routes behind " + label + " are looked at";
        };
    }
}
