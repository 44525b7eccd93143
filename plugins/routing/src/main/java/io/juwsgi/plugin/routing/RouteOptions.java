package io.juwsgi.plugin.routing;

import io.juwsgi.config.Option;
import io.juwsgi.spi.route.RouteStage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** uWSGI's route options: four tables with the same kinds of routes. */
final class RouteOptions {
    private static final String PATTERN = "PATTERN ACTION:ARGUMENTS";
    private static final String IF = "CONDITION:ARGUMENTS ACTION:ARGUMENTS";

    /**
     * What one option adds to which table.
     *
     * @param form how its value reads
     */
    record Meaning(RouteStage stage, RouteForm form, Option<List<String>> option) {}

    private static final Map<String, Meaning> MEANINGS = meanings();

    private RouteOptions() {}

    private static Map<String, Meaning> meanings() {
        Map<String, Meaning> all = new LinkedHashMap<>();
        table(all, RouteStage.REQUEST, "route", "a request");
        table(all, RouteStage.ERROR, "error-route", "a response whose status is known");
        table(all, RouteStage.RESPONSE, "response-route", "a response before it goes out");
        table(all, RouteStage.FINAL, "final-route", "a request that has ended");
        return all;
    }

    private static void table(Map<String, Meaning> all, RouteStage stage, String prefix, String what) {
        for (Subject subject : Subject.values()) {
            add(
                    all,
                    stage,
                    prefix + subject.suffix(),
                    new RouteForm.Matching(subject),
                    PATTERN,
                    "route " + what + " by a pattern for " + subject.variable());
        }
        if (stage != RouteStage.REQUEST) {
            add(
                    all,
                    stage,
                    prefix + "-status",
                    new RouteForm.OfStatus(),
                    "STATUS ACTION:ARGUMENTS",
                    "route " + what + " by its status");
        }
        add(all, stage, prefix + "-if", new RouteForm.If(true), IF, "route " + what + " by a condition");
        add(
                all,
                stage,
                prefix + "-if-not",
                new RouteForm.If(false),
                IF,
                "route " + what + " where a condition does not hold");
        add(all, stage, prefix + "-run", new RouteForm.Always(), "ACTION:ARGUMENTS", "do this with " + what);
        add(all, stage, prefix + "-label", new RouteForm.Label(), "NAME", "a place in the table that goto leads to");
    }

    private static void add(
            Map<String, Meaning> all, RouteStage stage, String name, RouteForm form, String placeholder, String doc) {
        Option<List<String>> option =
                Option.list(name).placeholder(placeholder).area("routing").doc(doc);
        all.put(name, new Meaning(stage, form, option));
    }

    /** Returns the meaning of an option, or null when it is no route. */
    static @Nullable Meaning of(Option<?> option) {
        return MEANINGS.get(option.name());
    }

    static List<Option<?>> all() {
        List<Option<?>> options = new ArrayList<>();
        MEANINGS.values().forEach(meaning -> options.add(meaning.option()));
        return options;
    }
}
