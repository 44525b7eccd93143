package io.juwsgi.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that was configured, in order of appearance, with typed answers. Immutable. */
public final class Settings {
    private final List<Setting> ordered;
    private final List<Assignment> assignments;
    private final Map<String, List<Setting>> byOption;

    /** Makes settings from what all the sources gave, in order of appearance. */
    public Settings(List<Setting> ordered) {
        this(ordered, List.of());
    }

    Settings(List<Setting> ordered, List<Assignment> assignments) {
        this.ordered = List.copyOf(ordered);
        this.assignments = List.copyOf(assignments);
        Map<String, List<Setting>> grouped = new LinkedHashMap<>();
        for (Setting setting : ordered) {
            grouped.computeIfAbsent(setting.option().name(), name -> new ArrayList<>())
                    .add(setting);
        }
        grouped.replaceAll((name, settings) -> List.copyOf(settings));
        this.byOption = grouped;
    }

    /** Returns the value of {@code option}: its default when it was not set. */
    public <T> T get(Option<T> option) {
        return option.decode(of(option));
    }

    /** Returns whether {@code option} was set at all. */
    public boolean has(Option<?> option) {
        return byOption.containsKey(option.name());
    }

    /** Returns every setting of {@code option}, in order of appearance. */
    public List<Setting> of(Option<?> option) {
        return byOption.getOrDefault(option.name(), List.of());
    }

    /**
     * Returns what {@code uwsgi.opt} shows an application: for each key that occurs, placeholders of the user's own included, its last
     * value. Nothing stands for Python's {@code True}, which a bare option of the command line has; one in a file has an empty text.
     */
    public Map<String, Optional<String>> optionsOfUwsgi() {
        Map<String, Optional<String>> options = new LinkedHashMap<>();
        for (Assignment a : assignments) {
            boolean bare = a.value().isEmpty() && a.origin().equals(Origin.COMMAND_LINE);
            options.put(a.key(), bare ? Optional.empty() : Optional.of(a.value()));
        }
        return Collections.unmodifiableMap(options);
    }

    /** Returns everything that was set, in order of appearance. */
    public List<Setting> all() {
        return ordered;
    }
}
