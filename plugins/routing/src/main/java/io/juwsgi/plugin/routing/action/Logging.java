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
                new RouteWord<>(List.of("donotlog"), "", "write no line about the request", arguments -> exchange -> {
                    exchange.account().unlogged();
                    return RouteStep.NEXT;
                }),
                new RouteWord<>(
                        List.of("logvar"), "NAME=TEXT", "set a variable of log-format, %(NAME)", Logging::logvar),
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

    private static RouteAction logvar(RouteArguments arguments) {
        int equals = arguments.text().indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException(arguments.text() + " (expected: NAME=TEXT)");
        }
        String name = arguments.text().substring(0, equals);
        RouteText text = arguments.template(arguments.text().substring(equals + 1));
        return exchange -> {
            exchange.account().variable(name, text.of(exchange));
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
