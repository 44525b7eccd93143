package io.juwsgi.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Turns expanded assignments into settings, and says what looks wrong. Used on the main thread. */
final class Resolution {
    private static final int DEEPEST = 16;
    /** Declared options that lead to others grow as fast as placeholders. */
    private static final int MOST_STEPS = 2 * Collector.MOST;

    /** A file that is no configuration has thousands, and finding a likely name for each takes its time. */
    private static final int MOST_UNKNOWN = 100;

    private static final Pattern TRAILING_COMMENT = Pattern.compile("\\s[#;](\\s|$)");
    private static final Pattern NUMBER = Pattern.compile("\\s*[-+]?[0-9].*", Pattern.DOTALL);
    private static final Pattern SIZE = Pattern.compile("\\s*[0-9]+[kmgKMG]?\\s*");

    private final OptionRegistry registry;
    private final Set<String> placeholders;
    private final Problems problems;
    private final List<Setting> settings = new ArrayList<>();
    private final DeclaredOptions declared;
    private final List<String> warnings = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private final Set<String> noticed = new HashSet<>();
    private long characters;
    private int steps;
    private int moreUnknown;

    /**
     * Starts with nothing.
     *
     * @param placeholders the keys that are placeholders on purpose: declared, or referred to
     * @param declared the options that the configuration declares itself
     * @param problems takes what is wrong
     */
    Resolution(OptionRegistry registry, Set<String> placeholders, DeclaredOptions declared, Problems problems) {
        this.registry = registry;
        this.placeholders = placeholders;
        this.declared = declared;
        this.problems = problems;
    }

    Settings resolve(List<Assignment> assignments) {
        assignments.forEach(a -> problems.gather(() -> resolve(a, 0)));
        return new Settings(settings, assignments);
    }

    private void resolve(Assignment a, int depth) {
        characters += a.value().length();
        if (++steps > MOST_STEPS || characters > 4L * Collector.MOST_CHARACTERS) {
            throw new TooMuchException(a.origin(), "the declared options make too many settings");
        }
        Optional<Option<?>> option = registry.known(a.key());
        if (option.isPresent()) {
            set(option.get(), a);
        } else if (declared.has(a.key())) {
            if (depth >= DEEPEST) {
                throw new ConfigException(a.origin() + ": the declared option " + a.key() + " leads back to itself");
            }
            declared.expand(a).forEach(inner -> resolve(inner, depth + 1));
        } else if (!placeholders.contains(a.key()) && !a.origin().isEnvironment()) {
            unknown(a);
        }
    }

    /** Returns what looks wrong beside unknown keys. */
    List<String> warnings() {
        return warnings;
    }

    /** Returns lines that blame nothing. */
    List<String> notices() {
        return notices;
    }

    /** Returns a line for every unknown key. */
    List<String> unknown() {
        if (moreUnknown == 0) {
            return unknown;
        }
        List<String> lines = new ArrayList<>(unknown);
        lines.add(moreUnknown + " more unknown options");
        return lines;
    }

    private void set(Option<?> option, Assignment a) {
        settings.add(new Setting(option, a.value(), a.origin()));
        if (option == ConfigOptions.PRINT) {
            notices.add(a.value());
        }
        if (!registry.isActive(option)) {
            notice(registry.describe(option), a);
            return;
        }
        switch (option.kind()) {
            case INTEGER -> checkNumber(option, a);
            case SIZE -> checkSize(a);
            case TEXT, LIST, SECTIONS -> checkText(a);
            case FLAG -> {}
        }
    }

    /** One line for an option that nothing acts on, however often it is set. */
    private void notice(KnownOption known, Assignment a) {
        known.notice(new Setting(known.option(), a.value(), a.origin()))
                .filter(line -> noticed.add(known.option().name()))
                .ifPresent(line -> notices.add(a.origin() + ": " + line));
    }

    private void checkNumber(Option<?> option, Assignment a) {
        if (a.value().isEmpty() && option.argument() == Option.Argument.OPTIONAL) {
            return;
        }
        if (!NUMBER.matcher(a.value()).matches()) {
            String written = a.origin() + ": " + a.key() + " = " + shortened(a.value());
            warn(
                    option.name().equals("http-keepalive")
                            ? written + " is no number of seconds (uWSGI reads 0, which turns keep-alive off;"
                                    + " here true keeps connections for the usual time, and false does not)"
                            : written + " counts as 0 (expected: a number)");
        } else if (Values.atoi(a.value()) < 0) {
            throw new ConfigException(
                    a.origin() + ": " + a.key() + " = " + shortened(a.value()) + " (expected: 0 or more)");
        }
    }

    private void checkSize(Assignment a) {
        if (SIZE.matcher(a.value()).matches()) {
            return;
        }
        String written = a.origin() + ": " + a.key() + " = " + shortened(a.value());
        String expected = " (expected: a size such as 512, 64k, 10m or 1g)";
        long bytes = Values.size(a.value());
        if (bytes < 0) {
            throw new ConfigException(written + expected);
        }
        // As uWSGI reads it: what follows the digits is ignored.
        warn(written + " counts as " + bytes + expected);
    }

    private void checkText(Assignment a) {
        var comment = TRAILING_COMMENT.matcher(a.value());
        if (a.origin().line() > 0 && comment.find()) {
            warn(a.origin() + ": the comment \""
                    + shortened(a.value().substring(comment.start()).strip()) + "\" is part of the value of " + a.key()
                    + " (comments need a line of their own)");
        }
    }

    private void warn(String line) {
        if (noticed.add(line)) {
            warnings.add(line);
        }
    }

    private void unknown(Assignment a) {
        if (unknown.size() >= MOST_UNKNOWN) {
            moreUnknown++;
            return;
        }
        String line = a.origin() + ": unknown option " + shortened(a.key());
        if (noticed.add(line)) {
            unknown.add(line + hint(a));
        }
    }

    private String hint(Assignment a) {
        int blank = a.key().indexOf(' ');
        if (blank > 0 && registry.known(a.key().substring(0, blank)).isPresent()) {
            return " (is a \"=\" missing after " + a.key().substring(0, blank) + "?)";
        }
        return Suggestions.closest(a.key(), registry.names())
                .map(name -> " (did you mean " + name + "?)")
                .orElse("");
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}
