package io.juwsgi.plugin.routing;

import io.juwsgi.plugin.routing.pattern.Patterns;
import io.juwsgi.spi.route.RouteArguments;
import io.juwsgi.spi.route.RoutePattern;
import io.juwsgi.spi.route.RouteText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of one word in one route. */
record Arguments(String text, RouteCompilation compilation, int patternSteps, System.Logger logger)
        implements RouteArguments {

    @Override
    public RouteText template(String part) {
        return Template.compile(part, compilation);
    }

    @Override
    public RoutePattern pattern(String part) {
        return Patterns.compile(part, patternSteps);
    }

    @Override
    public Map<String, String> pairs(String... keys) {
        List<String> known = List.of(keys);
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String item : text.split("(?<!\\\\),", -1)) {
            String pair = item.replace("\\,", ",");
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (!known.contains(key)) {
                throw new IllegalArgumentException(key + " (expected: one of " + String.join(", ", known) + ")");
            }
            pairs.put(key, equals < 0 ? "" : pair.substring(equals + 1));
        }
        return pairs;
    }
}
