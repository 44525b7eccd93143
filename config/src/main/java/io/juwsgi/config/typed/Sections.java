package io.juwsgi.config.typed;

import io.juwsgi.config.KeyValues;
import io.juwsgi.config.Option;
import io.juwsgi.config.Origin;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import io.juwsgi.config.Suggestions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Things that the user names, each as a record: what is written as {@code upstreams { app { servers = [...] } }} in HOCON
 * and {@code upstreams = name=app,servers=...} elsewhere. The record's components are as those of {@link RecordOptions}.
 * Immutable.
 *
 * @param <S> the record
 */
public final class Sections<S extends Record> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");

    private final Option<List<String>> option;
    private final Class<S> type;

    private Sections(Option<List<String>> option, Class<S> type) {
        this.option = option;
        this.type = type;
    }

    /**
     * A thing with its settings.
     *
     * @param name unique among its kind
     * @param origin where it was written
     */
    public record Section<S extends Record>(String name, Origin origin, S settings) {}

    /**
     * Describes the sections of an option.
     *
     * @param option one of {@link Option#sections}
     * @throws IllegalArgumentException when a component of the record cannot be configured
     */
    public static <S extends Record> Sections<S> of(Option<List<String>> option, Class<S> type) {
        var _ = RecordOptions.of(option.name(), type);
        return new Sections<>(option, type);
    }

    /**
     * Makes the records, in the order of the configuration.
     *
     * @param failures gets a line for each value that is missing or wrong: where, what was found, what was expected
     */
    public List<Section<S>> decode(Settings settings, List<String> failures) {
        List<Section<S>> sections = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Setting setting : settings.of(option)) {
            Section<S> section = one(setting, failures);
            if (section != null && !names.add(section.name())) {
                failures.add(setting.origin() + ": " + option.name() + ": " + section.name()
                        + " is there twice (expected: a name of its own)");
            } else if (section != null) {
                sections.add(section);
            }
        }
        return sections;
    }

    private @Nullable Section<S> one(Setting setting, List<String> failures) {
        try {
            KeyValues pairs = KeyValues.parse(setting.value());
            String name = pairs.first("name").orElse("");
            if (!NAME.matcher(name).matches()) {
                failures.add(setting.origin() + ": " + option.name() + ": the name is '" + name
                        + "' (expected: letters, digits, dots, dashes and underscores)");
                return null;
            }
            RecordOptions<S> options = RecordOptions.of(option.name() + "-" + name, type);
            return options.decode(settings(options, name, pairs, setting.origin(), failures), failures)
                    .map(record -> new Section<>(name, setting.origin(), record))
                    .orElse(null);
        } catch (IllegalArgumentException e) {
            failures.add(setting.origin() + ": " + option.name() + ": " + e.getMessage());
            return null;
        }
    }

    private Settings settings(
            RecordOptions<S> options, String name, KeyValues pairs, Origin origin, List<String> failures) {
        String prefix = option.name() + "-" + name + "-";
        List<Option<?>> known = options.options();
        List<Setting> all = new ArrayList<>();
        for (KeyValues.Pair pair : pairs.pairs()) {
            if (pair.key().equals("name")) {
                continue;
            }
            Optional<Option<?>> found = known.stream()
                    .filter(one -> one.name().equals(prefix + pair.key()))
                    .findFirst();
            if (found.isEmpty()) {
                List<String> keys = known.stream()
                        .map(Option::name)
                        .filter(one -> one.startsWith(prefix))
                        .map(one -> one.substring(prefix.length()))
                        .toList();
                failures.add(origin + ": " + option.name() + "-" + name + " has no setting " + pair.key()
                        + Suggestions.closest(pair.key(), keys)
                                .map(one -> " (did you mean " + one + "?)")
                                .orElse(" (expected: one of " + String.join(", ", keys) + ")"));
            }
            found.ifPresent(one -> pair.values().forEach(value -> all.add(new Setting(one, value, origin))));
        }
        return new Settings(all);
    }
}
