package io.juwsgi.plugin.routing.condition;

import io.juwsgi.spi.route.RouteArguments;
import io.juwsgi.spi.route.RouteText;

/** Two texts with a semicolon between them. */
record Pair(RouteText first, RouteText second) {

    static Pair of(RouteArguments arguments) {
        int semicolon = semicolon(arguments);
        return new Pair(
                arguments.template(arguments.text().substring(0, semicolon)),
                arguments.template(arguments.text().substring(semicolon + 1)));
    }

    static int semicolon(RouteArguments arguments) {
        int semicolon = arguments.text().indexOf(';');
        if (semicolon < 0) {
            throw new IllegalArgumentException(
                    arguments.text() + " (expected: two texts with a semicolon between them)");
        }
        return semicolon;
    }
}
