package io.juwsgi.plugin.routing.action;

import io.juwsgi.spi.http.HttpDates;
import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteArguments;
import io.juwsgi.spi.route.RouteExchange;
import io.juwsgi.spi.route.RouteStep;
import io.juwsgi.spi.route.RouteText;
import io.juwsgi.spi.route.RouteWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Actions that change the fields of whatever response there will be. */
final class ResponseActions {
    private ResponseActions() {}

    static List<RouteWord<RouteAction>> words() {
        return List.of(
                new RouteWord<>(List.of("addheader"), "NAME: TEXT", "add a response field", ResponseActions::addheader),
                new RouteWord<>(
                        List.of("delheader", "remheader"),
                        "NAME",
                        "remove a response field",
                        ResponseActions::delheader),
                new RouteWord<>(
                        List.of("expires"),
                        "filename=FILE|unix=SECONDS,value=SECONDS",
                        "add an Expires field: the time the file was changed, or a time since 1970, and seconds more",
                        ResponseActions::expires));
    }

    private static RouteAction addheader(RouteArguments arguments) {
        RouteText text = arguments.template();
        if (arguments.text().indexOf(':') < 1 && arguments.text().indexOf('$') < 0) {
            throw new IllegalArgumentException(arguments.text() + " (expected: NAME: TEXT)");
        }
        return exchange -> {
            String field = text.of(exchange);
            int colon = field.indexOf(':');
            if (colon > 0) {
                String value = field.substring(colon + 1).strip();
                exchange.addField(field.substring(0, colon), FieldValue.of(value));
            }
            return RouteStep.NEXT;
        };
    }

    private static RouteAction delheader(RouteArguments arguments) {
        RouteText name = arguments.template();
        return exchange -> {
            exchange.removeField(name.of(exchange));
            return RouteStep.NEXT;
        };
    }

    private static RouteAction expires(RouteArguments arguments) {
        Map<String, String> pairs = arguments.pairs("filename", "file", "unix", "value");
        String file = pairs.getOrDefault("filename", pairs.get("file"));
        RouteText filename = file == null ? null : arguments.template(file);
        RouteText unix = arguments.template(pairs.getOrDefault("unix", "0"));
        RouteText value = arguments.template(pairs.getOrDefault("value", "0"));
        return exchange -> {
            long base = filename == null ? Arithmetic.number(unix.of(exchange)) : changed(filename.of(exchange));
            if (base < 0) {
                return refuse(exchange);
            }
            exchange.addField("Expires", HttpDates.of(base + Arithmetic.number(value.of(exchange))));
            return RouteStep.NEXT;
        };
    }

    private static RouteStep refuse(RouteExchange exchange) {
        exchange.refuse(FileAnswer.NOT_FOUND);
        return RouteStep.BREAK;
    }

    /** Returns when a file was changed, in seconds since 1970; -1 when there is no such file. */
    private static long changed(String name) {
        return path(name)
                .map(path -> {
                    try {
                        return Files.getLastModifiedTime(path).toInstant().getEpochSecond();
                    } catch (IOException e) {
                        return -1L;
                    }
                })
                .orElse(-1L);
    }

    private static Optional<Path> path(String name) {
        String text = FileAnswer.decoded(name);
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
