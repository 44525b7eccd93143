package io.juwsgi.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Decides what a {@code for-} or {@code if-} option does with the assignments of its block. Used on the main thread. */
final class Logic {
    /** Repeats beyond this are a mistake; the limit on all assignments would notice only much later. */
    private static final int MOST_REPEATS = 10_000;

    private static final Set<String> ENDS = Set.of("end", "endfor", "endif", "end-for", "end-if");
    private static final String NEGATION = "not-";

    private final Surroundings surroundings;
    private final Function<String, Optional<String>> settings;
    private final Predicate<String> plugins;

    /**
     * An open block: each of its assignments counts once for every round.
     *
     * @param opener what opened it
     * @param rounds what {@code %(_)} stands for in each round, or empty when it stays as it is
     */
    record Block(Assignment opener, List<Optional<String>> rounds) {

        /** Returns {@code value} as it is in a round. */
        static String inRound(String value, Optional<String> round) {
            return round.isEmpty() ? value : value.replace("%(_)", round.get());
        }
    }

    /**
     * Makes a judge.
     *
     * @param settings the first value that a key has so far
     * @param plugins whether a plugin of a name is there
     */
    Logic(Surroundings surroundings, Function<String, Optional<String>> settings, Predicate<String> plugins) {
        this.surroundings = surroundings;
        this.settings = settings;
        this.plugins = plugins;
    }

    static boolean isEnd(String key) {
        return ENDS.contains(key);
    }

    static boolean isOpener(String key) {
        return switch (key) {
            case "for", "for-glob", "for-times", "for-readline", "ifenv", "ifexists", "ifplugin", "ifdir" -> true;
            default -> key.startsWith("if-") && condition(key) != null;
        };
    }

    /** The name of the condition without {@code if-} and {@code not-}, or null when there is none of that name. */
    private static @Nullable String condition(String key) {
        String name = key.startsWith("if-") ? key.substring(3) : key.substring(2);
        name = name.startsWith(NEGATION) ? name.substring(NEGATION.length()) : name;
        return switch (name) {
            case "opt", "env", "reload", "hostname", "hostname-match", "exists", "plugin", "file", "dir" -> name;
            case "directory" -> "dir";
            default -> null;
        };
    }

    Block open(Assignment opener) {
        return new Block(
                opener,
                switch (opener.key()) {
                    case "for" -> rounds(words(opener.value()));
                    case "for-glob" -> rounds(Glob.expand(surroundings.directory(), opener.value()));
                    case "for-times" -> rounds(numbers(opener));
                    case "for-readline" -> rounds(lines(opener));
                    default -> decide(opener);
                });
    }

    private static List<Optional<String>> rounds(List<String> values) {
        return values.stream().map(Optional::of).toList();
    }

    private static List<String> words(String text) {
        return Pattern.compile(" ")
                .splitAsStream(text)
                .filter(w -> !w.isEmpty())
                .toList();
    }

    private static List<String> numbers(Assignment opener) {
        int times = Values.atoi(opener.value());
        if (times > MOST_REPEATS) {
            throw new ConfigException(
                    opener.origin() + ": for-times = " + opener.value() + " (expected: at most " + MOST_REPEATS + ")");
        }
        List<String> numbers = new ArrayList<>();
        for (int i = 1; i <= times; i++) {
            numbers.add(Integer.toString(i));
        }
        return numbers;
    }

    private List<String> lines(Assignment opener) {
        Path file = path(opener.value())
                .orElseThrow(() -> new ConfigException(opener.origin() + ": not a file name: " + opener.value()));
        List<String> lines = SourceText.read(file, opener.value(), opener.origin(), surroundings.patience())
                .lines()
                .toList();
        if (lines.size() > MOST_REPEATS) {
            throw new ConfigException(
                    opener.origin() + ": " + opener.value() + " has more than " + MOST_REPEATS + " lines");
        }
        return lines;
    }

    private List<Optional<String>> decide(Assignment opener) {
        String key = opener.key();
        String value = opener.value();
        boolean expected = !key.contains(NEGATION);
        Optional<String> round = Optional.of(value);
        boolean holds;
        switch (condition(key)) {
            case "opt" -> {
                round = settings.apply(name(value));
                holds = matches(value, round);
            }
            case "env" -> {
                round = Optional.ofNullable(surroundings.environment().get(name(value)));
                holds = matches(value, round);
            }
            case "reload" -> {
                round = Optional.empty();
                holds = surroundings.reloading() || surroundings.environment().containsKey("UWSGI_RELOADS");
            }
            case "hostname" -> holds = Host.name().equals(value);
            case "hostname-match" -> holds = regex(opener).matcher(Host.name()).find();
            case "exists" -> holds = path(value).filter(Files::exists).isPresent();
            case "file" -> holds = path(value).filter(Files::isRegularFile).isPresent();
            case "dir" -> holds = path(value).filter(Files::isDirectory).isPresent();
            case "plugin" -> holds = plugins.test(value);
            case null, default -> throw new IllegalArgumentException("no condition: " + key);
        }
        return holds == expected ? List.of(round) : List.of();
    }

    private static String name(String value) {
        int equals = value.indexOf('=');
        return equals < 0 ? value : value.substring(0, equals);
    }

    private static boolean matches(String condition, Optional<String> found) {
        int equals = condition.indexOf('=');
        return found.isPresent() && (equals < 0 || found.get().equals(condition.substring(equals + 1)));
    }

    private static Pattern regex(Assignment opener) {
        try {
            return Pattern.compile(opener.value());
        } catch (PatternSyntaxException e) {
            throw new ConfigException(opener.origin() + ": not a regular expression: " + opener.value());
        }
    }

    private Optional<Path> path(String value) {
        try {
            return Optional.of(surroundings.directory().resolve(value));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
