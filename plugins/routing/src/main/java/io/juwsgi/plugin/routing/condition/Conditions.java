package io.juwsgi.plugin.routing.condition;

import io.juwsgi.spi.route.RouteArguments;
import io.juwsgi.spi.route.RouteCondition;
import io.juwsgi.spi.route.RoutePattern;
import io.juwsgi.spi.route.RouteText;
import io.juwsgi.spi.route.RouteWord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** All conditions, by uWSGI's names. */
public final class Conditions {
    private Conditions() {}

    /** Returns all of them, in the order of the documentation. */
    public static List<RouteWord<RouteCondition>> all() {
        List<RouteWord<RouteCondition>> all = new ArrayList<>();
        all.add(two(List.of("equal", "isequal", "eq", "=="), "both texts are the same", String::equals));
        all.add(two(List.of("startswith"), "the first text begins with the second", String::startsWith));
        all.add(two(List.of("endswith"), "the first text ends with the second", String::endsWith));
        all.add(two(List.of("contains", "contain"), "the second text stands in the first", String::contains));
        all.add(new RouteWord<>(List.of("empty"), "TEXT", "the text is empty", arguments -> {
            RouteText text = arguments.template();
            return exchange -> text.of(exchange).isEmpty();
        }));
        all.add(new RouteWord<>(
                List.of("regexp", "re"),
                "TEXT;PATTERN",
                "the pattern is found in the text; its groups are those of the action",
                Conditions::regexp));
        all.add(numbers(List.of("ishigher", ">"), "is higher than", order -> order > 0));
        all.add(numbers(List.of("islower", "<"), "is lower than", order -> order < 0));
        all.add(numbers(List.of("ishigherequal", ">="), "is not lower than", order -> order >= 0));
        all.add(numbers(List.of("islowerequal", "<="), "is not higher than", order -> order <= 0));
        all.addAll(Networks.words());
        all.addAll(FileTests.words());
        return all;
    }

    private static RouteWord<RouteCondition> two(List<String> names, String doc, BiPredicate<String, String> test) {
        return new RouteWord<>(names, "TEXT;TEXT", doc, arguments -> {
            Pair pair = Pair.of(arguments);
            return exchange ->
                    test.test(pair.first().of(exchange), pair.second().of(exchange));
        });
    }

    /** Decides by how one number stands to another, as {@link Long#compare} says. */
    @FunctionalInterface
    private interface OrderTest {
        boolean test(int order);
    }

    private static RouteWord<RouteCondition> numbers(List<String> names, String relation, OrderTest test) {
        String doc = "the number that the first text begins with " + relation + " that of the second";
        return new RouteWord<>(names, "TEXT;TEXT", doc, arguments -> {
            Pair pair = Pair.of(arguments);
            return exchange -> test.test(Long.compare(
                    number(pair.first().of(exchange)), number(pair.second().of(exchange))));
        });
    }

    /** Returns what C's {@code strtol} makes of a text: the number at its beginning, 0 without one. */
    static long number(String text) {
        String rest = text.stripLeading();
        boolean negative = rest.startsWith("-");
        int at = negative || rest.startsWith("+") ? 1 : 0;
        long value = 0;
        for (int count = 0; at < rest.length() && count < 18; at++, count++) {
            char c = rest.charAt(at);
            if (c < '0' || c > '9') {
                break;
            }
            value = value * 10 + (c - '0');
        }
        return negative ? -value : value;
    }

    private static RouteCondition regexp(RouteArguments arguments) {
        int semicolon = Pair.semicolon(arguments);
        RouteText text = arguments.template(arguments.text().substring(0, semicolon));
        RoutePattern pattern = arguments.pattern(arguments.text().substring(semicolon + 1));
        return exchange -> {
            String @Nullable [] groups = pattern.find(text.of(exchange));
            if (groups != null) {
                exchange.groups(groups);
            }
            return groups != null;
        };
    }
}
