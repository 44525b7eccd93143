package io.juwsgi.plugin.routing;

import io.juwsgi.plugin.routing.pattern.Latin1;
import io.juwsgi.spi.route.RouteExchange;
import io.juwsgi.spi.route.RouteText;
import io.juwsgi.spi.route.RouteVariable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A compiled text. uWSGI fills in groups first and then variables in the result, so that a request could name variables; here
 * only what the configuration says is looked at. Immutable.
 */
final class Template implements RouteText {
    private final RouteText[] parts;

    private Template(List<RouteText> parts) {
        this.parts = parts.toArray(RouteText[]::new);
    }

    /** Compiles a text; throws {@link IllegalArgumentException} when a variable is not known. */
    static RouteText compile(String text, RouteCompilation compilation) {
        List<RouteText> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            char next = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
            int end = c == '$' && next == '{' ? text.indexOf('}', i) : -1;
            if (end > 0) {
                flush(literal, parts);
                parts.add(variable(text.substring(i + 2, end), compilation));
                i = end + 1;
            } else if (c == '$' && next >= '0' && next <= '9') {
                flush(literal, parts);
                int group = next - '0';
                parts.add(exchange -> exchange.group(group));
                i += 2;
            } else {
                // A dollar before another one is text, and so is the other one.
                int count = c == '$' && next == '$' ? 2 : 1;
                literal.append(text, i, i + count);
                i += count;
            }
        }
        flush(literal, parts);
        return parts.size() == 1 ? parts.getFirst() : new Template(parts);
    }

    private static void flush(StringBuilder literal, List<RouteText> parts) {
        if (!literal.isEmpty()) {
            String text = Latin1.of(literal.toString());
            parts.add(exchange -> text);
            literal.setLength(0);
        }
    }

    private static RouteText variable(String key, RouteCompilation compilation) {
        int bracket = key.indexOf('[');
        if (bracket > 0 && key.endsWith("]")) {
            RouteVariable variable =
                    compilation.variable(key.substring(0, bracket), key.substring(bracket + 1, key.length() - 1));
            return exchange -> Objects.requireNonNullElse(variable.value(exchange), "");
        }
        if (key.indexOf('$') >= 0) {
            RouteText name = compile(key, compilation);
            return exchange -> exchange.variable(name.of(exchange));
        }
        return exchange -> exchange.variable(key);
    }

    @Override
    public String of(RouteExchange exchange) {
        StringBuilder text = new StringBuilder();
        for (RouteText part : parts) {
            text.append(part.of(exchange));
        }
        return text.toString();
    }
}
