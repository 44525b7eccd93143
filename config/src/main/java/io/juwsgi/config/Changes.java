package io.juwsgi.config;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What is set differently in two configurations, wherever it is written. Immutable. */
public final class Changes {
    private final Set<Option<?>> changed = new LinkedHashSet<>();

    /** Compares two configurations. */
    public Changes(Settings before, Settings after) {
        Stream.concat(before.all().stream(), after.all().stream())
                .map(Setting::option)
                .filter(option -> !values(before, option).equals(values(after, option)))
                .forEach(changed::add);
    }

    private static List<String> values(Settings settings, Option<?> option) {
        return settings.of(option).stream().map(Setting::value).toList();
    }

    /** Returns whether one of these options is set differently. */
    public boolean concern(Collection<? extends Option<?>> options) {
        return options.stream().anyMatch(changed::contains);
    }

    /** Returns the names of those of these options that are set differently. */
    public List<String> among(Collection<? extends Option<?>> options) {
        return options.stream().filter(changed::contains).map(Option::name).toList();
    }
}
