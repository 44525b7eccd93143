package io.juwsgi.plugin.routing.action;

import io.juwsgi.spi.exchange.ResponseSink;
import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteStep;
import io.juwsgi.spi.route.RouteWord;
import java.util.List;
import java.util.function.UnaryOperator;

/** Actions that change the body of the response on its way. */
final class Transformations {
    private Transformations() {}

    static List<RouteWord<RouteAction>> words() {
        return List.of(
                transformation("toupper", "make the letters a to z of the body capital", UpperCaseSink::new),
                transformation("gzip", "compress the body, where the client takes gzip", GzipSink::new),
                new RouteWord<>(
                        List.of("chunked", "flush", "fixcl", "forcecl"),
                        "",
                        "nothing: responses always go out with a length or in chunks",
                        arguments -> exchange -> RouteStep.NEXT));
    }

    private static RouteWord<RouteAction> transformation(
            String name, String doc, UnaryOperator<ResponseSink> transformation) {
        return new RouteWord<>(List.of(name), "", doc, arguments -> exchange -> {
            boolean wanted = !name.equals("gzip")
                    || exchange.variable("HTTP_ACCEPT_ENCODING").contains("gzip");
            if (wanted) {
                exchange.transform(transformation);
            }
            return RouteStep.NEXT;
        });
    }
}
