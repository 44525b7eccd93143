package io.juwsgi.plugin.routing.action;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteArguments;
import io.juwsgi.spi.route.RouteExchange;
import io.juwsgi.spi.route.RouteStep;
import io.juwsgi.spi.route.RouteText;
import io.juwsgi.spi.route.RouteWord;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Actions that answer in place of the application. */
final class Answers {
    private Answers() {}

    static List<RouteWord<RouteAction>> words() {
        return List.of(
                new RouteWord<>(
                        List.of("break"),
                        "[STATUS [REASON]]",
                        "end the request with an empty response; with what was sent before, or 403, without a status",
                        Answers::breaking),
                new RouteWord<>(
                        List.of("return", "break-with-status"),
                        "STATUS",
                        "end the request with a status and its reason as text",
                        Answers::returning),
                new RouteWord<>(
                        List.of("redirect", "redirect-302"),
                        "URL",
                        "redirect with 302",
                        arguments -> redirect(arguments, 302, "Found", "Moved")),
                new RouteWord<>(
                        List.of("redirect-permanent", "redirect-301"),
                        "URL",
                        "redirect with 301",
                        arguments -> redirect(arguments, 301, "Moved Permanently", "Moved Permanently")),
                new RouteWord<>(
                        List.of("clearheaders", "resetheaders"),
                        "STATUS [REASON]",
                        "begin a response with this status and without fields",
                        Answers::begin),
                new RouteWord<>(
                        List.of("send"),
                        "TEXT",
                        "send text as a part of the body",
                        arguments -> send(arguments.template(), "")),
                new RouteWord<>(
                        List.of("send-crnl"),
                        "TEXT",
                        "send text and a line end as a part of the body",
                        arguments -> send(arguments.template(), "\r\n")));
    }

    private static RouteAction breaking(RouteArguments arguments) {
        if (arguments.text().isEmpty()) {
            return exchange -> RouteStep.BREAK;
        }
        StatusLine line = StatusLine.parse(arguments.text());
        return exchange -> {
            exchange.begin(line.status(), line.reason()).add("Content-Type", "text/plain");
            return RouteStep.BREAK;
        };
    }

    private static RouteAction returning(RouteArguments arguments) {
        StatusLine line = StatusLine.parse(arguments.text());
        if (arguments.text().length() > 3 || !StatusLine.isKnown(line.status())) {
            throw new IllegalArgumentException(arguments.text() + " (expected: a status that has a name, alone)");
        }
        byte[] body = line.reason().getBytes(StandardCharsets.US_ASCII);
        return exchange -> {
            exchange.begin(line.status(), line.reason()).add("Content-Type", "text/plain");
            exchange.send(body);
            return RouteStep.BREAK;
        };
    }

    private static RouteAction redirect(RouteArguments arguments, int status, String reason, String body) {
        RouteText url = arguments.template();
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        return exchange -> {
            Fields fields = exchange.begin(status, reason);
            fields.add("Location", FieldValue.of(url.of(exchange)));
            exchange.send(bytes);
            return RouteStep.BREAK;
        };
    }

    private static RouteAction begin(RouteArguments arguments) {
        RouteText text = arguments.template();
        if (arguments.text().indexOf('$') >= 0) {
            return exchange -> begun(exchange, StatusLine.parse(text.of(exchange)));
        }
        StatusLine line = StatusLine.parse(arguments.text());
        return exchange -> begun(exchange, line);
    }

    private static RouteStep begun(RouteExchange exchange, StatusLine line) {
        exchange.begin(line.status(), line.reason());
        return RouteStep.NEXT;
    }

    private static RouteAction send(RouteText text, String end) {
        return exchange -> {
            exchange.send((text.of(exchange) + end).getBytes(StandardCharsets.ISO_8859_1));
            return RouteStep.NEXT;
        };
    }
}
