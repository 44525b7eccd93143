package io.juwsgi.plugin.routing.action;

import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteStep;
import io.juwsgi.spi.route.RouteText;
import io.juwsgi.spi.route.RouteWord;
import java.util.List;

/** Actions that only say which route comes next. */
final class Flow {
    private Flow() {}

    static List<RouteWord<RouteAction>> words() {
        return List.of(
                new RouteWord<>(
                        List.of("continue", "last"),
                        "",
                        "look at no further route of this table and go on to the application",
                        arguments -> exchange -> RouteStep.CONTINUE),
                new RouteWord<>(List.of("goto"), "LABEL", "go on behind a label further down", arguments -> {
                    RouteText label = arguments.template();
                    return exchange -> new RouteStep.Goto(label.of(exchange));
                }));
    }
}
