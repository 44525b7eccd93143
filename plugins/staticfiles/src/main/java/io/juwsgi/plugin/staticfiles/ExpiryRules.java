package io.juwsgi.plugin.staticfiles;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code static-expires} options. Immutable.
 *
 * @param names rules for files' real names
 * @param types rules for media types
 * @param paths rules for PATH_INFO
 * @param uris rules for REQUEST_URI
 */
record ExpiryRules(List<Rule> names, List<TypeRule> types, List<Rule> paths, List<Rule> uris) {

    /** A rule by pattern. */
    record Rule(Pattern pattern, Expiry expiry) {}

    /** A rule by media type. */
    record TypeRule(String type, Expiry expiry) {}

    /** Reads the rules; those that count from now come first. */
    static ExpiryRules of(Settings settings) {
        List<TypeRule> types = new ArrayList<>();
        types(types, settings, StaticOptions.EXPIRES_TYPE, false);
        types(types, settings, StaticOptions.EXPIRES_TYPE_MTIME, true);
        return new ExpiryRules(
                rules(settings, StaticOptions.EXPIRES, StaticOptions.EXPIRES_MTIME),
                types,
                rules(settings, StaticOptions.EXPIRES_PATH, StaticOptions.EXPIRES_PATH_MTIME),
                rules(settings, StaticOptions.EXPIRES_URI, StaticOptions.EXPIRES_URI_MTIME));
    }

    private static List<Rule> rules(Settings settings, Option<List<String>> fromNow, Option<List<String>> sinceChange) {
        List<Rule> rules = new ArrayList<>();
        for (String text : settings.get(fromNow)) {
            rules.add(rule(fromNow, text, false));
        }
        for (String text : settings.get(sinceChange)) {
            rules.add(rule(sinceChange, text, true));
        }
        return List.copyOf(rules);
    }

    private static Rule rule(Option<?> option, String text, boolean sinceChange) {
        String trimmed = text.strip();
        int gap = Math.max(trimmed.lastIndexOf(' '), trimmed.lastIndexOf('\t'));
        int split = gap < 0 ? trimmed.lastIndexOf('=') : gap;
        if (split < 1) {
            throw new ConfigException(option.name() + ": " + text + " (expected: PATTERN SECONDS)");
        }
        return new Rule(
                pattern(option.name(), trimmed.substring(0, split).strip()),
                new Expiry(seconds(option, text, trimmed.substring(split + 1)), sinceChange));
    }

    /** Compiles a pattern of the configuration. */
    static Pattern pattern(String option, String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new ConfigException(option + ": " + text + ": " + e.getDescription()
                    + " (expected: a regular expression without look-around and back references)");
        }
    }

    private static void types(
            List<TypeRule> rules, Settings settings, Option<List<String>> option, boolean sinceChange) {
        for (String text : settings.get(option)) {
            int equals = text.lastIndexOf('=');
            if (equals < 1) {
                throw new ConfigException(option.name() + ": " + text + " (expected: TYPE=SECONDS)");
            }
            rules.add(new TypeRule(
                    text.substring(0, equals).strip(),
                    new Expiry(seconds(option, text, text.substring(equals + 1)), sinceChange)));
        }
    }

    private static long seconds(Option<?> option, String text, String number) {
        String digits = number.strip();
        if (!digits.matches("-?[0-9]{1,10}")) {
            throw new ConfigException(option.name() + ": " + text + " (expected: seconds at its end)");
        }
        return Long.parseLong(digits);
    }

    /** Returns what the rules say of a file by its real name and type. */
    @Nullable
    Expiry ofFile(String name, @Nullable String type) {
        Expiry byName = first(names, name);
        if (byName != null || type == null) {
            return byName;
        }
        for (TypeRule rule : types) {
            if (rule.type().equals(type)) {
                return rule.expiry();
            }
        }
        return null;
    }

    /** Returns what the rules say of a request. */
    @Nullable
    Expiry ofRequest(String path, String target) {
        Expiry byPath = paths.isEmpty() ? null : first(paths, path);
        return byPath != null || uris.isEmpty() ? byPath : first(uris, target);
    }

    private static @Nullable Expiry first(List<Rule> rules, String text) {
        for (Rule rule : rules) {
            if (rule.pattern().matcher(text).find()) {
                return rule.expiry();
            }
        }
        return null;
    }
}
