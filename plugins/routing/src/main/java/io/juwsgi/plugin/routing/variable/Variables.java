package io.juwsgi.plugin.routing.variable;

import io.juwsgi.spi.http.HttpDates;
import io.juwsgi.spi.http.MediaTypes;
import io.juwsgi.spi.route.RouteArguments;
import io.juwsgi.spi.route.RouteExchange;
import io.juwsgi.spi.route.RouteText;
import io.juwsgi.spi.route.RouteVariable;
import io.juwsgi.spi.route.RouteWord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All variables, by uWSGI's names; {@code lower} and {@code upper} are ours. */
public final class Variables {
    private Variables() {}

    /** Turns the value of a request variable into another text. */
    @FunctionalInterface
    private interface Conversion {
        @Nullable
        String of(String value);
    }

    /** Returns all of them, in the order of the documentation. */
    public static List<RouteWord<RouteVariable>> all() {
        return List.of(
                new RouteWord<>(List.of("cookie"), "NAME", "the value of a cookie", Variables::cookie),
                new RouteWord<>(
                        List.of("qs"), "NAME", "the value of a name in the query, as it was sent", Variables::query),
                converted(
                        "mime",
                        "the media type by the ending of the variable's value",
                        value -> MediaTypes.system().of(value).orElse(null)),
                converted(
                        "base64",
                        "the variable's value in base64",
                        value -> Base64.getEncoder().encodeToString(bytes(value))),
                converted(
                        "hex",
                        "the variable's value in hexadecimal digits",
                        value -> HexFormat.of().formatHex(bytes(value))),
                converted("lower", "the variable's value in small letters", value -> value.toLowerCase(Locale.ROOT)),
                converted("upper", "the variable's value in capital letters", value -> value.toUpperCase(Locale.ROOT)),
                new RouteWord<>(
                        List.of("time"),
                        "unix|micros",
                        "the time since 1970 in seconds or microseconds",
                        Variables::time),
                new RouteWord<>(
                        List.of("httptime"),
                        "SECONDS",
                        "the time in so many seconds, as header fields have it",
                        Variables::httptime),
                new RouteWord<>(
                        List.of("uwsgi"),
                        "wid|pid|uuid|status|rtime|rsize|sor",
                        "worker and its process, a random id, status, microseconds, bytes sent, start in microseconds",
                        Variables::server));
    }

    private static byte[] bytes(String value) {
        return value.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static RouteWord<RouteVariable> converted(String name, String doc, Conversion conversion) {
        return new RouteWord<>(List.of(name), "VARIABLE", doc, arguments -> {
            RouteText variable = arguments.template();
            return exchange -> {
                String value = exchange.variable(variable.of(exchange));
                return value.isEmpty() ? null : conversion.of(value);
            };
        });
    }

    private static RouteVariable cookie(RouteArguments arguments) {
        RouteText name = arguments.template();
        return exchange -> Pairs.value(exchange.variable("HTTP_COOKIE"), ';', name.of(exchange));
    }

    private static RouteVariable query(RouteArguments arguments) {
        RouteText name = arguments.template();
        return exchange -> Pairs.value(exchange.request().query(), '&', name.of(exchange));
    }

    private static RouteVariable time(RouteArguments arguments) {
        return switch (arguments.text()) {
            case "unix" -> exchange -> Long.toString(Instant.now().getEpochSecond());
            case "micros" -> exchange -> Long.toString(nowMicros());
            default -> throw new IllegalArgumentException(arguments.text() + " (expected: unix or micros)");
        };
    }

    private static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    private static RouteVariable httptime(RouteArguments arguments) {
        if (!arguments.text().matches("[0-9]{0,10}")) {
            throw new IllegalArgumentException(arguments.text() + " (expected: seconds)");
        }
        long seconds = arguments.text().isEmpty() ? 0 : Long.parseLong(arguments.text());
        return exchange -> HttpDates.of(Instant.now().getEpochSecond() + seconds);
    }

    private static RouteVariable server(RouteArguments arguments) {
        return switch (arguments.text()) {
            case "wid" -> exchange -> Integer.toString(exchange.account().workerId());
            case "pid" -> exchange -> Long.toString(pid(exchange));
            case "uuid" -> exchange -> UUID.randomUUID().toString();
            case "status" -> exchange -> Integer.toString(exchange.status());
            case "rtime" -> exchange -> Long.toString(exchange.elapsedMicros());
            case "rsize" -> exchange -> Long.toString(exchange.bytesSent());
            case "sor" -> exchange -> Long.toString(nowMicros() - exchange.elapsedMicros());
            default ->
                throw new IllegalArgumentException(
                        arguments.text() + " (expected: wid, pid, uuid, status, rtime, rsize or sor)");
        };
    }

    private static long pid(RouteExchange exchange) {
        long worker = exchange.account().workerPid();
        return worker == 0 ? ProcessHandle.current().pid() : worker;
    }
}
