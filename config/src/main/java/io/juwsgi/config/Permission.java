package io.juwsgi.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What {@code blacklist} and {@code whitelist} allow of what follows them: for configurations that are put together from parts that one
 * does not write oneself. Used on the main thread.
 */
final class Permission {
    private static final Pattern BLANKS = Pattern.compile(" +");

    /** The rules in force, by the option that set them: a later one replaces an earlier. */
    private final Map<Option<?>, Rule> rules = new HashMap<>();

    private record Rule(Assignment written, Set<String> names) {

        String shown() {
            return written.key() + " = " + written.value() + " (" + written.origin() + ")";
        }
    }

    /** Returns whether an option sets a rule or ends one. */
    static boolean isRule(Option<?> option) {
        return option == ConfigOptions.BLACKLIST
                || option == ConfigOptions.WHITELIST
                || option == ConfigOptions.END_BLACKLIST
                || option == ConfigOptions.END_WHITELIST;
    }

    void rule(Option<?> option, Assignment a) {
        if (option == ConfigOptions.END_BLACKLIST) {
            rules.remove(ConfigOptions.BLACKLIST);
        } else if (option == ConfigOptions.END_WHITELIST) {
            rules.remove(ConfigOptions.WHITELIST);
        } else {
            rules.put(
                    option,
                    new Rule(a, Set.copyOf(List.of(BLANKS.split(a.value().strip())))));
        }
    }

    /**
     * Refuses what a rule forbids, by the very name that is written.
     *
     * @throws ConfigException when it is forbidden
     */
    void check(Assignment a) {
        Rule forbidden = rules.get(ConfigOptions.BLACKLIST);
        Rule allowed = rules.get(ConfigOptions.WHITELIST);
        if (forbidden != null && forbidden.names().contains(a.key())) {
            throw refused(a, forbidden);
        }
        if (allowed != null && !allowed.names().contains(a.key())) {
            throw refused(a, allowed);
        }
    }

    private static ConfigException refused(Assignment a, Rule rule) {
        return new ConfigException(a.origin() + ": " + a.key() + " is forbidden by " + rule.shown());
    }
}
