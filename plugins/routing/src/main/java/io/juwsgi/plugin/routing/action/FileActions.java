package io.juwsgi.plugin.routing.action;

import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.http.MediaTypes;
import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteArguments;
import io.juwsgi.spi.route.RouteExchange;
import io.juwsgi.spi.route.RouteStep;
import io.juwsgi.spi.route.RouteText;
import io.juwsgi.spi.route.RouteWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Actions that answer with a file. */
final class FileActions {
    private static final Failure NOT_READ_ONLY =
            Failure.client(405, "route-method", "This address can only be read (GET, HEAD).");

    private FileActions() {}

    static List<RouteWord<RouteAction>> words() {
        List<RouteWord<RouteAction>> words = new ArrayList<>();
        words.add(new RouteWord<>(
                List.of("static"),
                "FILE",
                "answer with a file, with its type, Last-Modified and ranges; 404 without one",
                arguments -> fixed(arguments, false)));
        words.add(new RouteWord<>(
                List.of("static-next"),
                "FILE",
                "the same, but go on with the next route without one",
                arguments -> fixed(arguments, true)));
        words.add(new RouteWord<>(
                List.of("file", "sendfile", "fastfile"),
                "filename=FILE[,status=STATUS][,content_type=TYPE][,mime=1]",
                "answer with a file as a page of its own, text/html without a type; 404 without one",
                arguments -> page(arguments, false)));
        words.add(new RouteWord<>(
                List.of("file-next", "sendfile-next", "fastfile-next"),
                "filename=FILE[,status=STATUS][,content_type=TYPE][,mime=1]",
                "the same, but go on with the next route without one",
                arguments -> page(arguments, true)));
        return words;
    }

    private static RouteAction fixed(RouteArguments arguments, boolean orNext) {
        RouteText name = arguments.template();
        return exchange -> {
            FileAnswer file = FileAnswer.open(name.of(exchange));
            if (file != null && !file.isWhereItSays()) {
                arguments
                        .logger()
                        .log(
                                System.Logger.Level.WARNING,
                                "request=" + exchange.id() + " static: " + file.path()
                                        + " is elsewhere, by a link (expected: a file at its own place)");
                file.close();
                file = null;
            }
            if (file == null) {
                return missing(exchange, orNext);
            }
            String method = exchange.request().method();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                file.close();
                exchange.refuse(NOT_READ_ONLY);
                return RouteStep.BREAK;
            }
            StaticResponse.send(exchange, file);
            return RouteStep.BREAK;
        };
    }

    private static RouteStep missing(RouteExchange exchange, boolean orNext) {
        if (orNext) {
            return RouteStep.NEXT;
        }
        exchange.refuse(FileAnswer.NOT_FOUND);
        return RouteStep.BREAK;
    }

    private static RouteAction page(RouteArguments arguments, boolean orNext) {
        Map<String, String> pairs = arguments.pairs(
                "filename", "status", "content_type", "nocl", "no_cl", "no_content_length", "mime", "no_headers");
        String filename = pairs.get("filename");
        if (filename == null) {
            throw new IllegalArgumentException(arguments.text() + " (expected: filename=FILE)");
        }
        if (pairs.containsKey("no_headers")) {
            throw new IllegalArgumentException("no_headers (expected: a response with a head)");
        }
        RouteText name = arguments.template(filename);
        StatusLine line = StatusLine.parse(pairs.getOrDefault("status", "200 OK"));
        String type = pairs.getOrDefault("content_type", "text/html");
        boolean byName = pairs.containsKey("mime");
        return exchange -> {
            FileAnswer file = FileAnswer.open(name.of(exchange));
            if (file == null) {
                return missing(exchange, orNext);
            }
            Fields fields = exchange.begin(line.status(), line.reason());
            String path = file.path().toString();
            fields.add("Content-Type", byName ? MediaTypes.system().of(path).orElse(type) : type);
            exchange.send(file.region(0, file.size()));
            return RouteStep.BREAK;
        };
    }
}
