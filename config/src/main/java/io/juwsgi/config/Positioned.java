package io.juwsgi.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts the position of a setting in front of what a part of the program says about it: parts know values, not files. */
public final class Positioned {
    /** {@code --name VALUE: what is wrong} or {@code name: VALUE (expected: ...)}. */
    private static final Pattern ABOUT = Pattern.compile("(?:--)?([a-z][a-z0-9-]*)(?::? ).*");

    private static final Pattern SECTION = Pattern.compile("^.*?name=([^,]*).*$", Pattern.DOTALL);

    private Positioned() {}

    /** Returns the lines of a message; each that begins with the name of an option that is set has its position in front. */
    public static List<String> lines(String message, Settings settings) {
        return message.lines().map(line -> line(line, settings)).toList();
    }

    private static String line(String line, Settings settings) {
        Matcher about = ABOUT.matcher(line);
        if (!about.matches()) {
            return line;
        }
        return settings.all().reversed().stream()
                .filter(setting -> isAbout(about.group(1), setting))
                // The one that is quoted, where there are several.
                .reduce((last, other) -> !line.contains(last.value()) && line.contains(other.value()) ? other : last)
                .map(setting -> setting.origin() + ": " + line)
                .orElse(line);
    }

    /** {@code upstreams-app-servers} is about the section {@code app} of {@code upstreams}. */
    private static boolean isAbout(String name, Setting setting) {
        Option<?> option = setting.option();
        if (option.kind() != Option.Kind.SECTIONS || !name.startsWith(option.name() + "-")) {
            return name.equals(option.name());
        }
        String section = SECTION.matcher(setting.value()).replaceFirst("$1");
        return name.startsWith(option.name() + "-" + section + "-");
    }
}
