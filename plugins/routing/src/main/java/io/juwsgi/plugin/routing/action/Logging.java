package io.juwsgi.plugin.routing.action;

import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteArguments;
import io.juwsgi.spi.route.RouteStep;
import io.juwsgi.spi.route.RouteText;
import io.juwsgi.spi.route.RouteWord;
import java.util.List;

/** Actions that write, or have an effect on, lines of the log. */
final class Logging {
    private Logging() {}

    static List<RouteWord<RouteAction>> words() {
        return List.of(
                new RouteWord<>(List.of("log"), "TEXT", "write a line to the log", Logging::log),
                new RouteWord<>(
                        List.of("donotoffload"),
                        "",
                        "nothing: files never occupy a worker",
                        arguments -> exchange -> RouteStep.NEXT));
    }

    private static RouteAction log(RouteArguments arguments) {
        RouteText text = arguments.template();
        System.Logger logger = arguments.logger();
        return exchange -> {
            logger.log(System.Logger.Level.INFO, printable(text.of(exchange)));
            return RouteStep.NEXT;
        };
    }

    /** Returns a text in which a client cannot end the line. */
    static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 127) {
                out.append(String.format("\\x%02X", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
