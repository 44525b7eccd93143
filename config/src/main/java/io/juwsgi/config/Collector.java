package io.juwsgi.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes every assignment in order of appearance: a file that one of them names is read at that very place, and blocks of
 * {@code for-} and {@code if-} options are carried out. Used on the main thread.
 */
final class Collector {
    static final int MOST = 100_000;
    /** Of keys and values together: blocks that repeat long lines make much of little. */
    static final int MOST_CHARACTERS = 16 << 20;

    private static final int MOST_INHERITED = 64;

    private final OptionRegistry registry;
    private final Surroundings surroundings;
    private final ConfigFiles files;
    private final Logic logic;
    private final List<Assignment> assignments = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Problems problems = new Problems();
    private final Set<String> declared = new HashSet<>();
    private final Map<String, String> firstValues = new HashMap<>();
    private final Permission permission = new Permission();
    private long characters;
    private Logic.@Nullable Block block;

    Collector(OptionRegistry registry, Surroundings surroundings, ReadAhead ahead) {
        this.registry = registry;
        this.surroundings = surroundings;
        this.files = new ConfigFiles(surroundings, ahead, registry::hasSections, this::add, warnings);
        this.logic = new Logic(surroundings, this::firstValue, registry::hasOwner);
    }

    List<Assignment> assignments() {
        return assignments;
    }

    List<String> warnings() {
        return warnings;
    }

    /** Returns a new expansion of what has been collected. */
    Expansion expansion() {
        return new Expansion(
                surroundings.environment(),
                files.schemes(),
                key -> registry.find(key).filter(ConfigOptions::isImmediate).isPresent());
    }

    /** Returns the placeholders that were declared as such. */
    Set<String> declared() {
        return declared;
    }

    private Optional<String> firstValue(String key) {
        return Optional.ofNullable(firstValues.get(key));
    }

    /** Returns what is wrong, as far as reading went. */
    Problems problems() {
        return problems;
    }

    /** Takes an assignment; a mistake in it, or in a file that it names, is noted. */
    void add(Assignment a) {
        problems.gather(() -> place(a));
    }

    private void place(Assignment a) {
        if (!a.origin().isEnvironment()) {
            // In skipped blocks too, as uWSGI does.
            permission.check(a);
        }
        Logic.Block current = block;
        if (current == null || a.origin().isEnvironment()) {
            record(a);
        } else if (Logic.isEnd(a.key())) {
            block = null;
            record(a);
        } else if (current.rounds().isEmpty()) {
            if (Logic.isOpener(a.key())) {
                warnings.add(a.origin() + ": " + a.key() + " inside the skipped block of "
                        + current.opener().key() + ": the next end closes that one (blocks cannot be nested)");
            }
        } else if (Logic.isOpener(a.key())) {
            throw new ConfigException(a.origin() + ": " + a.key() + " inside the block of "
                    + current.opener().key() + " (blocks cannot be nested)");
        } else {
            rounds(a, current);
        }
    }

    private void rounds(Assignment a, Logic.Block current) {
        block = null;
        try {
            for (Optional<String> round : current.rounds()) {
                record(new Assignment(a.key(), Logic.Block.inRound(a.value(), round), a.origin()));
                block = null;
            }
        } finally {
            block = current;
        }
    }

    /** Tells of a block that is open at the end of a source, and closes it. */
    private void close() {
        Logic.Block current = block;
        if (current != null) {
            warnings.add(current.opener().origin() + ": " + current.opener().key() + " is never closed (expected: "
                    + (current.opener().key().startsWith("for") ? "endfor" : "endif") + ")");
            block = null;
        }
    }

    private void record(Assignment a) {
        if (assignments.size() >= MOST) {
            throw new TooMuchException(a.origin(), "more than " + MOST + " settings");
        }
        characters += a.key().length() + a.value().length();
        if (characters > MOST_CHARACTERS) {
            throw new TooMuchException(a.origin(), "the settings hold more than " + (MOST_CHARACTERS >> 20) + " MiB");
        }
        assignments.add(a);
        firstValues.putIfAbsent(a.key(), a.value());
        if (Logic.isOpener(a.key()) && !a.origin().isEnvironment()) {
            block = logic.open(a);
            return;
        }
        Option<?> option = registry.find(a.key()).orElse(null);
        if (option == ConfigOptions.INCLUDE || option == ConfigOptions.CONFIG) {
            file(a, null);
        } else if (isReader(option)) {
            file(a, option);
        } else if (option == ConfigOptions.SET || option == ConfigOptions.SET_PLACEHOLDER) {
            set(a, option == ConfigOptions.SET_PLACEHOLDER);
        } else if (option != null && Permission.isRule(option)) {
            permission.rule(option, a);
        } else if (option == ConfigOptions.INJECT_BEFORE || option == ConfigOptions.INJECT_AFTER) {
            files.inject(a, option == ConfigOptions.INJECT_AFTER);
        }
    }

    private static boolean isReader(@Nullable Option<?> option) {
        return option == ConfigOptions.INI
                || option == ConfigOptions.YAML
                || option == ConfigOptions.JSON
                || option == ConfigOptions.XML
                || option == ConfigOptions.CONF;
    }

    private void file(Assignment a, @Nullable Option<?> reader) {
        files.read(a, reader);
        close();
    }

    private void set(Assignment named, boolean placeholder) {
        int equals = named.value().indexOf('=');
        if (equals <= 0) {
            throw new ConfigException(
                    named.origin() + ": " + named.key() + " needs KEY=VALUE, found: " + named.value());
        }
        String key = named.value().substring(0, equals);
        if (placeholder) {
            declared.add(key);
        }
        Assignment set = new Assignment(key, named.value().substring(equals + 1), named.origin());
        permission.check(set);
        record(set);
    }

    /** Reads what {@code inherit} names, after everything else; what is read so may inherit again. */
    void finish() {
        close();
        int inherited = 0;
        for (int i = 0; i < assignments.size(); i++) {
            Assignment a = assignments.get(i);
            if (registry.find(a.key()).orElse(null) == ConfigOptions.INHERIT) {
                if (++inherited > MOST_INHERITED) {
                    throw new ConfigException(a.origin() + ": inherit leads to more than " + MOST_INHERITED
                            + " files: one of them inherits itself");
                }
                Assignment named = expansion().expand(assignments).get(i);
                problems.gather(() -> file(named, null));
            }
        }
    }
}
