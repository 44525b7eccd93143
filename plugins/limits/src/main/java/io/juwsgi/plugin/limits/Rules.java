package io.juwsgi.plugin.limits;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.typed.Sections;
import io.juwsgi.config.typed.Sections.Section;
import io.juwsgi.spi.extension.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reads the limits. */
final class Rules {
    static final Option<List<String>> OPTION = Option.sections("rate-limits")
            .placeholder("name=NAME,path=/PATH,rate=N/s,burst=N,by=address")
            .area("limits")
            .doc("a rate limit for some paths; with several, a request has to keep to all that count it");

    private static final Sections<RuleSettings> SECTIONS = Sections.of(OPTION, RuleSettings.class);

    private Rules() {}

    /** What clients have used up, by the names of the limits; it goes on after a reload. */
    private static final class Carried {
        final Map<String, Rule.State> states = new ConcurrentHashMap<>();
    }

    static List<Rule> of(RateLimitSettings settings, Context context) {
        Carried carried = context.carried(Carried.class, Carried::new);
        List<Rule> rules = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (Section<RuleSettings> section : SECTIONS.decode(context.settings(), failures)) {
            RuleSettings one = section.settings();
            rules.add(Rule.of(
                    section.name(),
                    one.path(),
                    Rate.parse("rate", one.rate()),
                    one.burst(),
                    one.by(),
                    state(carried, section.name(), settings)));
        }
        if (!failures.isEmpty()) {
            throw new ConfigException(String.join("\n", failures));
        }
        settings.rate()
                .ifPresent(rate -> rules.add(Rule.of(
                        "default",
                        "/",
                        Rate.parse("rate", rate),
                        settings.burst(),
                        settings.by(),
                        state(carried, "default", settings))));
        if (rules.isEmpty()) {
            throw new ConfigException("rate-limit: there is no limit (expected: rate-limit-rate or rate-limits)");
        }
        return List.copyOf(rules);
    }

    private static Rule.State state(Carried carried, String name, RateLimitSettings settings) {
        return carried.states.computeIfAbsent(
                name + " " + settings.clients(), key -> new Rule.State(settings.clients()));
    }
}
