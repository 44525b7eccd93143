package io.juwsgi.cli.log;

import io.juwsgi.spi.log.LogLine;
import io.juwsgi.spi.log.Logger;
import java.util.List;

/**
 * Hands lines on to targets by what they say. A target of its own stands before it, so that an expression that takes long
 * holds up no request.
 */
final class RoutedLines implements Logger {

    /** A target under the name that routes call it by; several may share one. */
    record Named(String name, LogTarget target) {}

    private final LineRules rules;
    private final List<LogTarget> unnamed;
    private final List<Named> named;

    RoutedLines(LineRules rules, List<LogTarget> unnamed, List<Named> named) {
        this.rules = rules;
        this.unnamed = List.copyOf(unnamed);
        this.named = List.copyOf(named);
    }

    @Override
    public void write(List<LogLine> lines) {
        lines.forEach(this::route);
    }

    private void route(LogLine line) {
        String text = line.text();
        if (rules.drops(text)) {
            return;
        }
        boolean taken = false;
        for (LineRules.Route route : rules.routes()) {
            if (route.pattern().matcher(text).find()) {
                taken = true;
                for (Named one : named) {
                    if (one.name().equals(route.logger())) {
                        one.target().offer(line);
                    }
                }
            }
        }
        if (!taken) {
            unnamed.forEach(target -> target.offer(line));
        }
    }
}
