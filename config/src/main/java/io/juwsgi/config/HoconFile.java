package io.juwsgi.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a HOCON file: nested names are joined with dashes ({@code http { keepalive = 5 }} is {@code http-keepalive}),
 * a list repeats its option, an object in a list is written {@code key=value,key=value}, and {@code _} stands for the
 * enclosing name itself. A top-level {@code juwsgi} or {@code uwsgi} adds nothing to the names. Where an option has sections,
 * each object in it is one of them: {@code upstreams { app { weight = 1 } }} is {@code upstreams = "name=app,weight=1"}.
 */
final class HoconFile {
    private static final String ITSELF = "_";
    private static final Set<String> WRAPPERS = Set.of("juwsgi", "uwsgi");
    private static final Comparator<Assignment> BY_POSITION = Comparator.comparing(
                    (Assignment a) -> a.origin().source())
            .thenComparingInt(a -> a.origin().line())
            .thenComparing(Assignment::key);

    private static final Pattern DESCRIPTION = Pattern.compile("(?:merge of )?(.*?): [0-9]+(?:-[0-9]+)?(?:,.*)?");

    private final String shown;
    private final Predicate<String> sections;
    private final Map<List<String>, Origin> positions = new HashMap<>();
    private final List<Assignment> found = new ArrayList<>();

    private HoconFile(String shown, Predicate<String> sections) {
        this.shown = shown;
        this.sections = sections;
    }

    /**
     * Returns what the file says, in the order of its lines; the library itself keeps none.
     *
     * @param sections whether a name is that of an option with sections
     */
    static List<Assignment> read(HoconSource source, Predicate<String> sections) {
        String shown = source.shown();
        Map<String, String> environment = source.surroundings().environment();
        try {
            ConfigObject written = source.parse();
            Optional<ConfigOrigin> tooMuch = HoconGrowth.tooMuch(written, environment);
            if (tooMuch.isPresent()) {
                throw new ConfigException(positionOf(tooMuch.get(), shown) + ": the substitutions make more than "
                        + (HoconGrowth.MOST >> 20) + " MiB of text");
            }
            ConfigResolveOptions resolving = ConfigResolveOptions.noSystem().appendResolver(new Variables(environment));
            HoconFile hocon = new HoconFile(shown, sections);
            hocon.locate(List.of(), written);
            hocon.members(List.of(), written.toConfig().resolve(resolving).root());
            // A stable sort: the elements of a list have one position and stay as they are.
            hocon.found.sort(BY_POSITION);
            return hocon.found;
        } catch (com.typesafe.config.ConfigException e) {
            throw new ConfigException(message(e, shown));
        } catch (StackOverflowError e) {
            // The library's parser is recursive and has no limit of its own.
            throw new ConfigException(shown + ": nested too deeply");
        }
    }

    private static String message(com.typesafe.config.ConfigException e, String shown) {
        ConfigOrigin origin = e.origin();
        String text = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        if (origin == null) {
            return shown + ": " + text;
        }
        String said = origin.description() + ": ";
        return positionOf(origin, shown) + ": " + (text.startsWith(said) ? text.substring(said.length()) : text);
    }

    /** The library describes an origin as {@code FILE: LINE}, {@code FILE: LINE-LINE} or {@code merge of} several of them. */
    private static Origin positionOf(ConfigOrigin origin, String shown) {
        Matcher described = DESCRIPTION.matcher(origin.description());
        String file = described.matches() ? described.group(1) : shown;
        return new Origin(file, Math.max(0, origin.lineNumber()));
    }

    /** Notes where each value stands: once resolved, a substitution has the position of what it refers to. */
    private void locate(List<String> path, ConfigObject object) {
        for (Map.Entry<String, ConfigValue> member : entries(object)) {
            List<String> inner = below(path, member.getKey());
            positions.put(inner, positionOf(member.getValue().origin(), shown));
            if (member.getValue() instanceof ConfigObject nested) {
                locate(inner, nested);
            }
        }
    }

    private static Collection<Map.Entry<String, ConfigValue>> entries(ConfigObject object) {
        try {
            return object.entrySet();
        } catch (com.typesafe.config.ConfigException.NotResolved e) {
            return List.of();
        }
    }

    private static List<String> below(List<String> path, String key) {
        List<String> inner = new ArrayList<>(path);
        inner.add(key);
        return inner;
    }

    private void members(List<String> path, ConfigObject object) {
        object.forEach((key, value) -> {
            List<String> inner = below(path, key);
            switch (value) {
                case ConfigObject nested
                when sections.test(name(inner)) ->
                    nested.forEach((section, settings) -> section(inner, section, settings));
                case ConfigObject nested -> members(inner, nested);
                case ConfigList list -> list.forEach(e -> add(inner, elementText(key, e), value));
                default -> add(inner, scalarText(value), value);
            }
        });
    }

    private void section(List<String> path, String name, ConfigValue settings) {
        List<String> inner = below(path, name);
        if (!(settings instanceof ConfigObject object)) {
            throw new ConfigException(positions.getOrDefault(inner, positionOf(settings.origin(), shown)) + ": " + name
                    + " in " + name(path) + " (expected: an object)");
        }
        StringJoiner pairs = new StringJoiner(",");
        pairs.add("name=" + KeyValues.escaped(name));
        pairs("", object, pairs);
        Origin origin = positions.getOrDefault(inner, positionOf(settings.origin(), shown));
        found.add(new Assignment(name(path), pairs.toString(), origin));
    }

    private void pairs(String prefix, ConfigObject object, StringJoiner pairs) {
        object.keySet().stream().sorted().forEach(key -> {
            ConfigValue value = member(object, key);
            String name = key.equals(ITSELF) ? prefix : prefix.isEmpty() ? key : prefix + "-" + key;
            switch (value) {
                case ConfigObject nested -> pairs(name, nested, pairs);
                case ConfigList list -> {
                    StringJoiner values = new StringJoiner("|");
                    list.forEach(one -> values.add(KeyValues.escaped(elementText(key, one))));
                    pairs.add(name + "=" + values);
                }
                default -> pairs.add(name + "=" + KeyValues.escaped(scalarText(value)));
            }
        });
    }

    private void add(List<String> path, String text, ConfigValue value) {
        Origin origin = positions.getOrDefault(path, positionOf(value.origin(), shown));
        found.add(new Assignment(name(path), text, origin));
    }

    private static String name(List<String> path) {
        boolean wrapped = path.size() > 1 && WRAPPERS.contains(path.getFirst());
        List<String> words = wrapped ? path.subList(1, path.size()) : path;
        boolean itself = words.size() > 1 && words.getLast().equals(ITSELF);
        return String.join("-", itself ? words.subList(0, words.size() - 1) : words);
    }

    private String elementText(String key, ConfigValue element) {
        return switch (element) {
            case ConfigObject object -> {
                StringJoiner pairs = new StringJoiner(",");
                object.keySet().stream()
                        .sorted()
                        .forEach(name -> pairs.add(name + "=" + elementText(key, member(object, name))));
                yield pairs.toString();
            }
            case ConfigList list ->
                throw new ConfigException(positionOf(list.origin(), shown) + ": a list inside the list of " + key
                        + " (expected: texts, numbers or objects)");
            default -> scalarText(element);
        };
    }

    private static ConfigValue member(ConfigObject object, String name) {
        ConfigValue value = object.get(name);
        return value != null ? value : ConfigValueFactory.fromAnyRef("");
    }

    /** Numbers keep the form in which they are written, as render() gives it. */
    private static String scalarText(ConfigValue value) {
        return switch (value.valueType()) {
            case STRING -> String.valueOf(value.unwrapped());
            case NULL -> "";
            default -> value.render();
        };
    }

    /** Looks a substitution up in the environment that the reader was given. */
    private record Variables(Map<String, String> environment) implements ConfigResolver {
        @Override
        public @Nullable ConfigValue lookup(String path) {
            List<String> names = ConfigUtil.splitPath(path);
            String value = names.size() == 1 ? environment.get(names.getFirst()) : null;
            return value == null ? null : ConfigValueFactory.fromAnyRef(value, "environment variable " + path);
        }

        @Override
        public ConfigResolver withFallback(ConfigResolver fallback) {
            return this;
        }
    }
}
