package io.juwsgi.plugin.routing;

import io.juwsgi.config.Setting;
import io.juwsgi.plugin.routing.Route.Test;
import io.juwsgi.plugin.routing.pattern.Patterns;
import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteCompiler;
import io.juwsgi.spi.route.RouteCondition;
import io.juwsgi.spi.route.RouteStep;
import io.juwsgi.spi.route.RouteVariable;
import io.juwsgi.spi.route.RouteWord;
import io.juwsgi.spi.route.RouteWords;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Makes routes of settings. Used on the main thread; what is wrong is thrown as {@link IllegalArgumentException}. */
final class RouteCompilation {
    private final Map<String, RouteCompiler<? extends RouteAction>> actions;
    private final Map<String, RouteCompiler<? extends RouteCondition>> conditions;
    private final Map<String, RouteCompiler<? extends RouteVariable>> variables;
    private final int patternSteps;
    private final System.Logger logger;

    RouteCompilation(RouteWords words, int patternSteps, System.Logger logger) {
        this.actions = byName(words.actions());
        this.conditions = byName(words.conditions());
        this.variables = byName(words.variables());
        this.patternSteps = patternSteps;
        this.logger = logger;
    }

    private static <T> Map<String, RouteCompiler<? extends T>> byName(Collection<RouteWord<T>> words) {
        Map<String, RouteCompiler<? extends T>> byName = new HashMap<>();
        words.forEach(word -> word.names().forEach(name -> byName.put(name, word.compiler())));
        return byName;
    }

    Route compile(RouteForm form, Setting setting) {
        String value = setting.value();
        if (form instanceof RouteForm.Label) {
            return new Route(setting, new Test.Label(value), "", exchange -> RouteStep.NEXT);
        }
        if (form instanceof RouteForm.Always) {
            return route(setting, new Test.Always(), value);
        }
        int blank = value.indexOf(' ');
        if (blank < 0) {
            throw new IllegalArgumentException(
                    value + " (expected: " + (form instanceof RouteForm.If ? "CONDITION:ARGUMENTS" : "PATTERN")
                            + ", a blank, ACTION:ARGUMENTS)");
        }
        return route(
                setting,
                test(form, value.substring(0, blank)),
                value.substring(blank + 1).stripLeading());
    }

    private Route route(Setting setting, Test test, String action) {
        int colon = action.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("action " + action
                    + " (expected: ACTION:ARGUMENTS, with a colon also where there are no arguments)");
        }
        String name = action.substring(0, colon);
        RouteCompiler<? extends RouteAction> compiler = actions.get(name);
        if (compiler == null) {
            throw new IllegalArgumentException("action " + name + UnknownWord.action(name, actions.keySet()));
        }
        return new Route(setting, test, name, compiled("action " + name, compiler, action.substring(colon + 1)));
    }

    private Test test(RouteForm form, String text) {
        return switch (form) {
            case RouteForm.Matching(Subject subject) -> new Test.Matches(subject, Patterns.compile(text, patternSteps));
            case RouteForm.OfStatus() -> new Test.HasStatus(status(text));
            case RouteForm.If(boolean holds) -> new Test.Holds(condition(text), holds);
            case RouteForm.Always(), RouteForm.Label() -> new Test.Always();
        };
    }

    private static int status(String text) {
        if (!text.matches("[1-9][0-9]{2}")) {
            throw new IllegalArgumentException("status " + text + " (expected: three digits)");
        }
        return Integer.parseInt(text);
    }

    private RouteCondition condition(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("condition " + text + " (expected: CONDITION:ARGUMENTS)");
        }
        String name = text.substring(0, colon);
        RouteCompiler<? extends RouteCondition> compiler = conditions.get(name);
        if (compiler == null) {
            throw new IllegalArgumentException("condition " + name + UnknownWord.among(name, conditions.keySet()));
        }
        return compiled("condition " + name, compiler, text.substring(colon + 1));
    }

    /** Makes the variable {@code ${name[argument]}}. */
    RouteVariable variable(String name, String argument) {
        RouteCompiler<? extends RouteVariable> compiler = variables.get(name);
        if (compiler == null) {
            throw new IllegalArgumentException("variable " + name + "[]" + UnknownWord.among(name, variables.keySet()));
        }
        return compiled("variable " + name + "[]", compiler, argument);
    }

    private <T> T compiled(String word, RouteCompiler<? extends T> compiler, String arguments) {
        try {
            return compiler.compile(new Arguments(arguments, this, patternSteps, logger));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(word + ": " + e.getMessage(), e);
        }
    }
}
