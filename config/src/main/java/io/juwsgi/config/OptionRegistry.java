package io.juwsgi.config;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Every option there is: what the readers accept, and what the help is made from. Filled on the main thread at start. */
public final class OptionRegistry {
    private record Owned(Option<?> option, String owner) {}

    private final LinkedHashMap<String, Option<?>> options = new LinkedHashMap<>();
    private final TreeMap<String, Owned> byLongName = new TreeMap<>();
    private final Map<Character, Option<?>> byShortName = new TreeMap<>();
    private final Set<String> owners = new HashSet<>();

    /** An option under the name that was used for it, its own or an alias. */
    record Named(String name, Option<?> option) {}

    /** Makes a registry with the options of the configuration readers themselves. */
    public OptionRegistry() {
        add(ConfigOptions.OWNER, ConfigOptions.all());
    }

    /**
     * Adds options.
     *
     * @param owner the plugin or module they belong to, for messages
     * @throws IllegalArgumentException when a name is taken; the message names both owners
     */
    public void add(String owner, Collection<Option<?>> added) {
        owners.add(owner);
        for (Option<?> option : added) {
            claim(owner, option, option.name());
            option.aliases().forEach(alias -> claim(owner, option, alias));
            Character letter = option.shortName();
            if (letter != null) {
                byShortName.putIfAbsent(letter, option);
            }
            options.put(option.name(), option);
        }
    }

    private void claim(String owner, Option<?> option, String name) {
        Owned taken = byLongName.putIfAbsent(name, new Owned(option, owner));
        if (taken != null) {
            throw new IllegalArgumentException(
                    "option --" + name + " of " + owner + ": the name is taken by " + taken.owner());
        }
    }

    /** Returns whether options of a plugin or module of this name were added; {@code python3} is {@code python}. */
    boolean hasOwner(String owner) {
        String unnumbered = owner.replaceFirst("[0-9]+$", "");
        return owners.contains(owner)
                || owners.contains(unnumbered)
                || owners.contains("plugin " + owner)
                || owners.contains("plugin " + unnumbered);
    }

    /** Returns the option whose name or alias is exactly {@code name}. */
    public Optional<Option<?>> find(String name) {
        return Optional.ofNullable(byLongName.get(name)).map(Owned::option);
    }

    /** Returns whether {@code name} is that of an option with sections. */
    boolean hasSections(String name) {
        return find(name)
                .filter(option -> option.kind() == Option.Kind.SECTIONS)
                .isPresent();
    }

    /** Returns the option with the one-letter name. */
    public Optional<Option<?>> find(char letter) {
        return Optional.ofNullable(byShortName.get(letter));
    }

    /**
     * Returns what a name in a source stands for: an option that was added, under one of its names or any other name that uWSGI has
     * for it, or else one that nothing acts on.
     */
    Optional<Option<?>> known(String name) {
        Optional<Option<?>> added = find(name);
        return added.isPresent()
                ? added
                : Catalogue.get().find(name).map(known -> sameAs(known).orElse(known.option()));
    }

    /** Returns what a letter stands for, in the same way. */
    Optional<Option<?>> known(char letter) {
        Optional<Option<?>> added = find(letter);
        return added.isPresent()
                ? added
                : Catalogue.get().find(letter).map(known -> sameAs(known).orElse(known.option()));
    }

    /** Returns the option that was added under one of the names of {@code known}. */
    private Optional<Option<?>> sameAs(KnownOption known) {
        Optional<Option<?>> own = find(known.option().name());
        return own.isPresent()
                ? own
                : known.option().aliases().stream()
                        .flatMap(a -> find(a).stream())
                        .findFirst();
    }

    /** Returns every long name and alias, those of options that were added first. */
    public Collection<String> names() {
        Set<String> names = new LinkedHashSet<>(byLongName.keySet());
        names.addAll(Catalogue.get().names());
        return names;
    }

    /** Returns the long names and aliases that begin with {@code prefix}, with their options. */
    Map<String, Option<?>> startingWith(String prefix) {
        Map<String, Option<?>> found = new TreeMap<>();
        Catalogue.get()
                .startingWith(prefix)
                .forEach((name, known) -> found.put(name, sameAs(known).orElse(known.option())));
        byLongName.tailMap(prefix).entrySet().stream()
                .takeWhile(e -> e.getKey().startsWith(prefix))
                .forEach(e -> found.put(e.getKey(), e.getValue().option()));
        return found;
    }

    /** Returns the description of an option: its own, or that of uWSGI's option of the same name. */
    String doc(Option<?> option) {
        return option.doc().isEmpty()
                ? Catalogue.get().find(option.name()).map(k -> k.option().doc()).orElse("")
                : option.doc();
    }

    /** Returns the group of an option: its own, or that of uWSGI's option of the same name. */
    String area(Option<?> option) {
        String area = option.area().isEmpty()
                ? Catalogue.get()
                        .find(option.name())
                        .map(k -> k.option().area())
                        .orElse("")
                : option.area();
        return area.isEmpty() ? "other" : area;
    }

    /** Returns whether the option was added, so that something acts on it. */
    boolean isActive(Option<?> option) {
        return options.containsKey(option.name());
    }

    /** Returns what is known of an option, whether it was added or not. */
    KnownOption describe(Option<?> option) {
        Optional<KnownOption> catalogued = Catalogue.get().find(option.name());
        if (!isActive(option)) {
            return catalogued.orElseThrow(() -> new IllegalArgumentException("unknown option " + option));
        }
        boolean ofUwsgi = catalogued.isPresent() || ConfigOptions.isOfUwsgi(option);
        String branch = ofUwsgi ? catalogued.map(KnownOption::branch).orElse("2.0") : "juwsgi";
        return new KnownOption(option.doc(doc(option)).area(area(option)), KnownOption.State.ACTIVE, branch, "");
    }

    /** Returns every option that is known by name, in order of name: those that were added and all the others of uWSGI. */
    public List<KnownOption> everything() {
        TreeMap<String, KnownOption> all = new TreeMap<>();
        options.values().forEach(option -> all.put(option.name(), describe(option)));
        for (KnownOption known : Catalogue.get().all()) {
            if (sameAs(known).isEmpty()) {
                all.put(known.option().name(), known);
            }
        }
        return List.copyOf(all.values());
    }

    /** Returns the areas of all options, in order of name. */
    public SequencedCollection<String> areas() {
        TreeSet<String> areas = new TreeSet<>();
        everything().forEach(known -> areas.add(known.option().area()));
        return areas;
    }

    /** Returns what {@link #everything} does, of one area alone unless that is empty. */
    List<KnownOption> everything(String area) {
        return everything().stream()
                .filter(known -> area.isEmpty() || known.option().area().equals(area))
                .toList();
    }

    /** Returns all options in the order in which they were added. */
    public SequencedCollection<Option<?>> all() {
        return Collections.unmodifiableSequencedCollection(options.sequencedValues());
    }
}
