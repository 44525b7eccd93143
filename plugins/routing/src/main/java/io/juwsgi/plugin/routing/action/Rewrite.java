package io.juwsgi.plugin.routing.action;

import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteArguments;
import io.juwsgi.spi.route.RouteStep;
import io.juwsgi.spi.route.RouteText;
import io.juwsgi.spi.route.RouteWord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Another path and query for the application. */
final class Rewrite {
    private Rewrite() {}

    static List<RouteWord<RouteAction>> words() {
        return List.of(
                new RouteWord<>(
                        List.of("rewrite"),
                        "PATH[?QUERY]",
                        "set the path, and put a query in front of the request's own",
                        arguments -> rewrite(arguments, RouteStep.NEXT)),
                new RouteWord<>(
                        List.of("rewrite-last"),
                        "PATH[?QUERY]",
                        "the same, and look at no further route",
                        arguments -> rewrite(arguments, RouteStep.CONTINUE)));
    }

    private static RouteAction rewrite(RouteArguments arguments, RouteStep then) {
        RouteText text = arguments.template();
        return exchange -> {
            String target = text.of(exchange);
            int mark = target.indexOf('?');
            String path = mark < 0 ? target : target.substring(0, mark);
            if (mark >= 0) {
                String own = exchange.variable("QUERY_STRING");
                String query = target.substring(mark + 1);
                exchange.variable("QUERY_STRING", own.isEmpty() ? query : query + "&" + own);
            }
            exchange.variable("PATH_INFO", withoutDots(decoded(path)));
            return then;
        };
    }

    /** Decodes {@code %XX}; what is no such thing stays as it is. */
    static String decoded(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        StringBuilder out = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            int high = c == '%' && i + 2 < path.length() ? Character.digit(path.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(path.charAt(i + 2), 16);
            if (low >= 0) {
                out.append((char) (high * 16 + low));
                i += 2;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** Resolves dot segments as RFC 3986 section 5.2.4 does, so that no group climbs out of what the route says. */
    static String withoutDots(String path) {
        if (!path.contains("/.")) {
            return path;
        }
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            if (segments[i].equals("..")) {
                if (kept.size() > 1) {
                    kept.removeLast();
                }
            } else if (!segments[i].equals(".")) {
                kept.addLast(segments[i]);
                continue;
            }
            if (last) {
                kept.addLast("");
            }
        }
        return String.join("/", kept);
    }
}
