package io.juwsgi.plugin.routing.action;

import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteArguments;
import io.juwsgi.spi.route.RouteStep;
import io.juwsgi.spi.route.RouteText;
import io.juwsgi.spi.route.RouteWord;
import java.util.List;
import java.util.function.LongBinaryOperator;

/** Numbers in variables. A text that does not begin with digits is 0, as in uWSGI. */
final class Arithmetic {
    private Arithmetic() {}

    static List<RouteWord<RouteAction>> words() {
        return List.of(
                word("+", "add a number, 1 without one, to a variable", (a, b) -> a + b),
                word("-", "subtract a number, 1 without one, from a variable", (a, b) -> a - b),
                word("*", "multiply a variable by a number", (a, b) -> a * b),
                word("/", "divide a variable by a number; by 0 it becomes 0", (a, b) -> b == 0 ? 0 : a / b));
    }

    private static RouteWord<RouteAction> word(String name, String doc, LongBinaryOperator operator) {
        return new RouteWord<>(List.of(name), "NAME[,NUMBER]", doc, arguments -> action(arguments, operator));
    }

    private static RouteAction action(RouteArguments arguments, LongBinaryOperator operator) {
        int comma = arguments.text().indexOf(',');
        String name = comma < 0 ? arguments.text() : arguments.text().substring(0, comma);
        if (name.isEmpty()) {
            throw new IllegalArgumentException(arguments.text() + " (expected: NAME, or NAME,NUMBER)");
        }
        RouteText number = arguments.template(comma < 0 ? "1" : arguments.text().substring(comma + 1));
        return exchange -> {
            long result = operator.applyAsLong(number(exchange.variable(name)), number(number.of(exchange)));
            exchange.variable(name, Long.toString(result));
            return RouteStep.NEXT;
        };
    }

    /** Returns the number at the beginning of a text. */
    static long number(String text) {
        long value = 0;
        for (int i = 0; i < text.length() && i < 18; i++) {
            int digit = Character.digit(text.charAt(i), 10);
            if (digit < 0) {
                break;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
