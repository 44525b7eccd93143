package io.juwsgi.testkit;

import io.juwsgi.spi.route.RouteArguments;
import io.juwsgi.spi.route.RouteExchange;
import io.juwsgi.spi.route.RoutePattern;
import io.juwsgi.spi.route.RouteText;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What stands behind a word of a route, in a test. Texts may have {@code $0} to {@code $9} and {@code ${NAME}} with request
 * variables, not with arguments.
 */
public record TestArguments(String text) implements RouteArguments {
    private static final Pattern FILLED_IN = Pattern.compile("\\$([0-9])|\\$\\{([A-Za-z0-9_]+)}");

    @Override
    public RouteText template(String part) {
        return exchange -> filledIn(part, exchange);
    }

    private static String filledIn(String text, RouteExchange exchange) {
        return FILLED_IN
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) != null
                                ? exchange.group(Integer.parseInt(found.group(1)))
                                : exchange.variable(found.group(2))));
    }

    @Override
    public RoutePattern pattern(String part) {
        Pattern pattern;
        try {
            pattern = Pattern.compile(part);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("pattern: " + part + ": " + e.getDescription(), e);
        }
        return text -> {
            Matcher found = pattern.matcher(text);
            if (!found.find()) {
                return null;
            }
            String[] groups = new String[found.groupCount() + 1];
            Arrays.setAll(groups, i -> found.group(i) == null ? "" : found.group(i));
            return groups;
        };
    }

    @Override
    public Map<String, String> pairs(String... keys) {
        Map<String, String> pairs = new HashMap<>();
        if (text.isEmpty()) {
            return pairs;
        }
        for (String pair : text.split("(?<!\\\\),", -1)) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (!List.of(keys).contains(key)) {
                throw new IllegalArgumentException("key: " + key + " (expected: " + String.join(", ", keys) + ")");
            }
            pairs.put(key, equals < 0 ? "" : pair.substring(equals + 1).replace("\\,", ","));
        }
        return pairs;
    }

    @Override
    public System.Logger logger() {
        return System.getLogger("io.juwsgi.plugin.test");
    }
}
