package io.juwsgi.plugin.routing;

import io.juwsgi.spi.exchange.Request;
import java.util.Objects;

/** One variable out of all those of a request. */
final class RequestVariables {
    private RequestVariables() {}

    /** Returns the last value of a variable; empty when there is none. */
    static String of(Request request, String name) {
        return switch (name) {
            case "PATH_INFO" -> request.path();
            case "QUERY_STRING" -> request.query();
            case "REQUEST_METHOD" -> request.method();
            case "REQUEST_URI" -> request.target();
            case "REMOTE_ADDR" -> request.remoteAddress();
            case "HTTP_HOST" -> Objects.requireNonNullElse(request.host(), "");
            default -> searched(request, name);
        };
    }

    private static String searched(Request request, String name) {
        String[] found = {""};
        request.variables((each, value) -> {
            if (each.equals(name)) {
                found[0] = value;
            }
        });
        return found[0];
    }
}
