package io.juwsgi.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes a configuration as one file that gives the same settings: files, blocks and placeholders are carried out, each option has its
 * usual name, and a comment says where it was written and what it is for.
 */
public final class ConvertedConfig {
    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z][A-Za-z0-9-]*");
    private static final Pattern PLAIN_VALUE = Pattern.compile("[0-9]{1,9}|true|false");
    private static final String PLACEHOLDER = ConfigOptions.SET_PLACEHOLDER.name();
    /** Stands for nothing in an ini file, and so keeps what is beside it from being taken for something else. */
    private static final String NOTHING = "%q";

    private final OptionRegistry registry;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** A key with its values; the comments stand above it. */
    private record Entry(List<String> comments, List<String> values) {}

    private ConvertedConfig(Configuration configuration, OptionRegistry registry) {
        this.registry = registry;
        placeholders(configuration);
        for (Setting setting : configuration.settings().all()) {
            if (!ConfigOptions.isCarriedOut(setting.option())) {
                take(setting);
            }
        }
    }

    /** Returns the text of a {@code juwsgi.conf}. */
    public static String hocon(Configuration configuration, OptionRegistry registry) {
        StringBuilder out = new StringBuilder();
        new ConvertedConfig(configuration, registry).entries.forEach((key, entry) -> {
            comments(out, entry);
            out.append(PLAIN_KEY.matcher(key).matches() ? key : quoted(key)).append(" = ");
            List<String> values =
                    entry.values().stream().map(ConvertedConfig::hoconValue).toList();
            out.append(values.size() == 1 ? values.getFirst() : "[\n  " + String.join("\n  ", values) + "\n]");
            out.append('\n');
        });
        return out.toString();
    }

    /**
     * Returns the text of an ini file.
     *
     * @throws ConfigException when a value has several lines, which no ini file can hold
     */
    public static String ini(Configuration configuration, OptionRegistry registry) {
        StringBuilder out = new StringBuilder("[uwsgi]\n");
        new ConvertedConfig(configuration, registry).entries.forEach((key, entry) -> {
            comments(out, entry);
            entry.values()
                    .forEach(value -> out.append(iniText(key, key))
                            .append(" = ")
                            .append(iniText(key, value))
                            .append('\n'));
        });
        return out.toString();
    }

    private void placeholders(Configuration configuration) {
        Set<String> declared = new HashSet<>();
        for (Assignment a : configuration.assignments()) {
            Option<?> option = registry.known(a.key()).orElse(null);
            if (option == ConfigOptions.DECLARE || option == ConfigOptions.DECLARE_LATE) {
                declared.add(a.value().split("=", 2)[0]);
            } else if (option == null && !declared.contains(a.key()) && isNamed(a)) {
                Entry entry = entry(PLACEHOLDER);
                entry.comments().add(a.origin() + ": " + a.key() + " is no option");
                entry.values().add(a.key() + "=" + a.value());
            }
        }
    }

    /** A line that begins with its equals sign has no key that anything could refer to. */
    private static boolean isNamed(Assignment a) {
        return !a.key().isEmpty() && !a.origin().isEnvironment();
    }

    private Entry entry(String key) {
        return entries.computeIfAbsent(key, k -> new Entry(new ArrayList<>(), new ArrayList<>()));
    }

    /** The last one counts where an option has one value, and stands where it was written. */
    private void take(Setting setting) {
        Option<?> option = setting.option();
        if (!option.kind().repeats()) {
            entries.remove(option.name());
        }
        Entry entry = entry(option.name());
        KnownOption known = registry.describe(option);
        String text = known.notice(setting).orElse(known.option().doc());
        String comment = setting.origin() + (text.isEmpty() ? "" : ": " + text);
        entry.comments()
                .add(entry.comments().isEmpty() ? comment : setting.origin().toString());
        entry.values().add(setting.value());
    }

    private static void comments(StringBuilder out, Entry entry) {
        entry.comments()
                .forEach(line ->
                        out.append("# ").append(line.replaceAll("\\R", " ")).append('\n'));
    }

    private static String hoconValue(String value) {
        return PLAIN_VALUE.matcher(value).matches() ? value : quoted(value);
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.chars().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        out.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append((char) c);
                    }
                }
            }
        });
        return out.append('"').toString();
    }

    /** A percent sign is doubled; what a line would lose or take for something else is kept by a variable without a value. */
    private static String iniText(String key, String text) {
        if (text.indexOf('\n') >= 0) {
            throw new ConfigException(
                    "the value of " + key + " has several lines, which no ini file can hold (expected: --to hocon)");
        }
        String escaped = text.replace("%", "%%");
        if (escaped.isEmpty()) {
            return escaped;
        }
        boolean odd = Character.isWhitespace(escaped.charAt(0)) || "#;[".indexOf(escaped.charAt(0)) >= 0;
        boolean blankEnd = Character.isWhitespace(escaped.charAt(escaped.length() - 1));
        return (odd ? NOTHING : "") + escaped + (blankEnd ? NOTHING : "");
    }
}
