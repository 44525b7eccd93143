package io.juwsgi.processes.emperor;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the settings ask of an emperor.
 *
 * @param places directories and patterns
 * @param extensions the endings of configuration files, without a dot
 * @param followsLinks whether a link's target is looked at
 * @param frequency how long there is between two looks
 * @param heartbeat how long a vassal may be silent; zero for ever
 * @param tyrant whether a vassal runs as its file's owner
 * @param longestPause before a vassal is started again
 * @param before arguments that precede the vassal's file
 * @param after arguments that follow it
 * @param heap what the launcher is told of the heap, if anything
 */
public record EmperorPlan(
        List<String> places,
        Set<String> extensions,
        boolean followsLinks,
        Duration frequency,
        Duration heartbeat,
        boolean tyrant,
        Duration longestPause,
        List<String> before,
        List<String> after,
        Optional<String> heap) {

    private static final Set<String> EXTENSIONS = Set.of("ini", "xml", "yml", "yaml", "json", "js", "conf");
    private static final int DAY = 86_400;

    public EmperorPlan {
        places = List.copyOf(places);
        extensions = Set.copyOf(extensions);
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /**
     * Returns what the settings ask for, if they ask for an emperor.
     *
     * @throws ConfigException when an option cannot be read
     */
    public static Optional<EmperorPlan> of(Settings settings) {
        List<String> places = settings.get(EmperorOptions.EMPEROR).stream()
                .map(EmperorPlan::place)
                .toList();
        if (places.isEmpty()) {
            return Optional.empty();
        }
        Set<String> extensions = new HashSet<>(EXTENSIONS);
        for (String extra : settings.get(EmperorOptions.EXTRA_EXTENSION)) {
            extensions.add(extra.startsWith(".") ? extra.substring(1) : extra);
        }
        return Optional.of(new EmperorPlan(
                places,
                extensions,
                !settings.get(EmperorOptions.NOFOLLOW),
                Duration.ofSeconds(within("emperor-freq", settings.get(EmperorOptions.FREQ), 1, DAY)),
                Duration.ofSeconds(
                        within("emperor-required-heartbeat", settings.get(EmperorOptions.REQUIRED_HEARTBEAT), 0, DAY)),
                settings.get(EmperorOptions.TYRANT),
                Duration.ofMillis(
                        within("emperor-max-throttle", settings.get(EmperorOptions.MAX_THROTTLE), 0, DAY * 1000)),
                before(settings),
                after(settings),
                settings.get(EmperorOptions.HEAP).map(EmperorPlan::heap)));
    }

    private static String place(String text) {
        String place = text.startsWith("dir://") || text.startsWith("glob://")
                ? text.substring(text.indexOf("://") + "://".length())
                : text;
        if (place.contains("://")) {
            throw new ConfigException("emperor: " + text + " (expected: a directory or a pattern of files)");
        }
        return place;
    }

    private static int within(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ConfigException(option + ": " + value + " (expected: " + least + " to " + most + ")");
        }
        return value;
    }

    private static String heap(String text) {
        if (!text.matches("[1-9][0-9]{0,8}[kKmMgG]")) {
            throw new ConfigException("vassal-heap: " + text + " (expected: a size such as 96m)");
        }
        return text;
    }

    private static List<String> before(Settings settings) {
        List<String> arguments = new ArrayList<>();
        files("--inherit", settings.get(EmperorOptions.INHERIT_BEFORE), arguments);
        files("--include", settings.get(EmperorOptions.INCLUDE_BEFORE), arguments);
        settings.get(EmperorOptions.SET).forEach(set -> arguments.addAll(List.of("--set", set)));
        return arguments;
    }

    private static List<String> after(Settings settings) {
        List<String> arguments = new ArrayList<>();
        files("--inherit", settings.get(EmperorOptions.INHERIT), arguments);
        files("--include", settings.get(EmperorOptions.INCLUDE), arguments);
        return arguments;
    }

    /** A vassal has another working directory. */
    private static void files(String option, List<String> files, List<String> arguments) {
        files.forEach(file ->
                arguments.addAll(List.of(option, Path.of(file).toAbsolutePath().toString())));
    }
}
