package io.juwsgi.plugin.routing.action;

import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteArguments;
import io.juwsgi.spi.route.RouteStep;
import io.juwsgi.spi.route.RouteText;
import io.juwsgi.spi.route.RouteWord;
import java.util.ArrayList;
import java.util.List;

/** Actions that change the request's variables, and with them its path, method and so on. */
final class RequestActions {
    private RequestActions() {}

    static List<RouteWord<RouteAction>> words() {
        List<RouteWord<RouteAction>> words = new ArrayList<>();
        words.add(new RouteWord<>(
                List.of("addvar"), "NAME=TEXT", "set a variable of the request", RequestActions::addvar));
        words.add(setting("seturi", "REQUEST_URI"));
        words.add(setting("setpathinfo", "PATH_INFO"));
        words.add(setting("setscriptname", "SCRIPT_NAME"));
        words.add(setting("setmethod", "REQUEST_METHOD"));
        words.add(setting("setscheme", "UWSGI_SCHEME"));
        words.add(setting("setremoteaddr", "REMOTE_ADDR"));
        words.add(setting("setdocroot", "DOCUMENT_ROOT"));
        words.add(setting("setapp", "UWSGI_APPID"));
        words.add(new RouteWord<>(
                List.of("setuser"),
                "TEXT",
                "set the variable REMOTE_USER, to what stands before the first colon",
                RequestActions::setuser));
        words.add(new RouteWord<>(
                List.of("fixpathinfo"),
                "",
                "take the SCRIPT_NAME off the beginning of PATH_INFO",
                RequestActions::fixpathinfo));
        words.add(new RouteWord<>(
                List.of("setmodifier1"),
                "NUMBER",
                "choose the handler, as the modifier1 of a uwsgi packet does",
                RequestActions::modifier1));
        words.add(new RouteWord<>(
                List.of("setmodifier2"), "NUMBER", "set the packet's second number", RequestActions::modifier2));
        return words;
    }

    private static RouteWord<RouteAction> setting(String name, String variable) {
        return new RouteWord<>(List.of(name), "TEXT", "set the variable " + variable, arguments -> {
            RouteText text = arguments.template();
            return exchange -> {
                exchange.variable(variable, text.of(exchange));
                return RouteStep.NEXT;
            };
        });
    }

    private static RouteAction addvar(RouteArguments arguments) {
        int equals = arguments.text().indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException(arguments.text() + " (expected: NAME=TEXT)");
        }
        String name = arguments.text().substring(0, equals);
        RouteText text = arguments.template(arguments.text().substring(equals + 1));
        return exchange -> {
            exchange.variable(name, text.of(exchange));
            return RouteStep.NEXT;
        };
    }

    private static RouteAction setuser(RouteArguments arguments) {
        RouteText text = arguments.template();
        return exchange -> {
            String user = text.of(exchange);
            int colon = user.indexOf(':');
            exchange.variable("REMOTE_USER", colon < 0 ? user : user.substring(0, colon));
            return RouteStep.NEXT;
        };
    }

    private static RouteAction fixpathinfo(RouteArguments arguments) {
        return exchange -> {
            String script = exchange.variable("SCRIPT_NAME");
            String path = exchange.variable("PATH_INFO");
            if (!script.isEmpty() && path.startsWith(script)) {
                exchange.variable("PATH_INFO", path.substring(script.length()));
            }
            return RouteStep.NEXT;
        };
    }

    private static RouteAction modifier1(RouteArguments arguments) {
        int number = modifier(arguments.text());
        return exchange -> {
            exchange.modifiers(number, exchange.request().modifier2());
            return RouteStep.NEXT;
        };
    }

    private static RouteAction modifier2(RouteArguments arguments) {
        int number = modifier(arguments.text());
        return exchange -> {
            exchange.modifiers(exchange.request().modifier1(), number);
            return RouteStep.NEXT;
        };
    }

    private static int modifier(String text) {
        if (!text.matches("[0-9]{1,3}") || Integer.parseInt(text) > 255) {
            throw new IllegalArgumentException(text + " (expected: a number from 0 to 255)");
        }
        return Integer.parseInt(text);
    }
}
