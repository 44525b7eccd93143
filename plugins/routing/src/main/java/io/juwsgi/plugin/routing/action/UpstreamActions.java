package io.juwsgi.plugin.routing.action;

import io.juwsgi.spi.balance.UpstreamUser;
import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteArguments;
import io.juwsgi.spi.route.RouteExchange;
import io.juwsgi.spi.route.RouteStep;
import io.juwsgi.spi.route.RouteText;
import io.juwsgi.spi.route.RouteWord;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Actions that have a request answered by another server. Which one stands in the configuration: nothing of a request chooses an
 * address.
 */
final class UpstreamActions {
    private static final Pattern ADDRESS =
            Pattern.compile("/[^,\\s$]+|[^,\\s$:]+:[1-9][0-9]{0,4}|\\[[0-9a-fA-F:.]+]:[1-9][0-9]{0,4}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,3}");

    private UpstreamActions() {}

    static List<RouteWord<RouteAction>> words() {
        return List.of(
                new RouteWord<>(List.of("upstream"), "NAME", "have an upstream answer", UpstreamActions::named),
                new RouteWord<>(
                        List.of("uwsgi", "proxyuwsgi"),
                        "ADDRESS[,MODIFIER1,MODIFIER2[,APPID]]",
                        "have a server answer that speaks the uwsgi protocol",
                        UpstreamActions::uwsgi),
                new RouteWord<>(
                        List.of("http", "proxyhttp", "httpdumb", "proxyhttpdumb"),
                        "ADDRESS[,HOST[,URI]]",
                        "have a server answer that speaks HTTP",
                        UpstreamActions::http));
    }

    private static RouteAction named(RouteArguments arguments) {
        String name = arguments.text();
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(name + " (expected: the name of an upstream)");
        }
        return new Forwarding(name, exchange -> {});
    }

    private static RouteAction uwsgi(RouteArguments arguments) {
        String[] parts = parts(arguments, 4, "ADDRESS[,MODIFIER1,MODIFIER2[,APPID]]");
        int first = modifier(parts, 1);
        int second = modifier(parts, 2);
        RouteText application = parts.length > 3 ? arguments.template(parts[3]) : null;
        return new Forwarding("uwsgi://" + parts[0], exchange -> {
            exchange.modifiers(first, second);
            set(exchange, "UWSGI_APPID", application);
        });
    }

    private static RouteAction http(RouteArguments arguments) {
        String[] parts = parts(arguments, 3, "ADDRESS[,HOST[,URI]]");
        RouteText host = parts.length > 1 && !parts[1].isEmpty() ? arguments.template(parts[1]) : null;
        RouteText uri = parts.length > 2 ? arguments.template(parts[2]) : null;
        return new Forwarding("http://" + parts[0], exchange -> {
            set(exchange, "HTTP_HOST", host);
            if (uri != null) {
                uri(exchange, uri.of(exchange));
            }
        });
    }

    private static void uri(RouteExchange exchange, String target) {
        int mark = target.indexOf('?');
        exchange.variable("REQUEST_URI", target);
        exchange.variable("PATH_INFO", mark < 0 ? target : target.substring(0, mark));
        exchange.variable("QUERY_STRING", mark < 0 ? "" : target.substring(mark + 1));
    }

    private static void set(RouteExchange exchange, String variable, @Nullable RouteText value) {
        if (value != null) {
            exchange.variable(variable, value.of(exchange));
        }
    }

    private static String[] parts(RouteArguments arguments, int most, String form) {
        String[] parts = arguments.text().split(",", -1);
        if (parts.length > most || !ADDRESS.matcher(parts[0]).matches()) {
            throw new IllegalArgumentException(
                    arguments.text() + " (expected: " + form + ", an address of HOST:PORT or /PATH without variables)");
        }
        return parts;
    }

    private static int modifier(String[] parts, int index) {
        if (parts.length <= index || parts[index].isEmpty()) {
            return 0;
        }
        if (!NUMBER.matcher(parts[index]).matches() || Integer.parseInt(parts[index]) > 255) {
            throw new IllegalArgumentException(parts[index] + " (expected: a number from 0 to 255)");
        }
        return Integer.parseInt(parts[index]);
    }

    /** What is changed of the request before it goes. */
    @FunctionalInterface
    private interface Change {
        void make(RouteExchange exchange);
    }

    /** Chooses an upstream; the rest of the way to it, such as filters that ask for a password, stays. */
    private record Forwarding(String upstream, Change change) implements RouteAction, UpstreamUser {
        @Override
        public RouteStep act(RouteExchange exchange) {
            change.make(exchange);
            exchange.upstream(upstream);
            return RouteStep.CONTINUE;
        }

        @Override
        public Set<String> upstreams() {
            return Set.of(upstream);
        }
    }
}
