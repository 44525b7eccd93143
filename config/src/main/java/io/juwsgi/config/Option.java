package io.juwsgi.config;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An option: its names, what it takes, what it is for, and how its text becomes a value.
 *
 * <p>Made by the module that acts on it, with a factory for its kind, then refined:
 * {@code Option.integer("processes", 1).shortName('p').alias("workers").area("process").doc("...")}. Immutable.
 *
 * @param <T> the type of its value
 */
public final class Option<T> {

    /** Whether an option takes an argument. */
    public enum Argument {
        /** Takes none on the command line; a file may give a truth value. */
        NONE,
        /** Takes one always. */
        REQUIRED,
        /** May take one, attached with {@code =}. */
        OPTIONAL
    }

    /** What the text of a value is read as. */
    enum Kind {
        FLAG,
        INTEGER,
        SIZE,
        TEXT,
        LIST,
        SECTIONS;

        /** Returns whether every setting counts, and not the last one alone. */
        boolean repeats() {
            return this == LIST || this == SECTIONS;
        }
    }

    /** Turns all the settings of one option, in order of appearance, into its value. */
    interface Decoder<T> {
        T decode(List<Setting> settings);
    }

    private final Kind kind;
    private final String name;
    private final @Nullable Character shortName;
    private final List<String> aliases;
    private final Argument argument;
    private final String placeholder;
    private final String area;
    private final String doc;
    private final String defaultText;
    private final Decoder<T> decoder;

    private Option(
            Kind kind,
            String name,
            @Nullable Character shortName,
            List<String> aliases,
            Argument argument,
            String placeholder,
            String area,
            String doc,
            String defaultText,
            Decoder<T> decoder) {
        this.kind = kind;
        this.name = name;
        this.shortName = shortName;
        this.aliases = List.copyOf(aliases);
        this.argument = argument;
        this.placeholder = placeholder;
        this.area = area;
        this.doc = doc;
        this.defaultText = defaultText;
        this.decoder = decoder;
    }

    private static <T> Option<T> of(
            Kind kind, String name, Argument argument, String placeholder, String defaultText, Decoder<T> decoder) {
        return new Option<>(kind, name, null, List.of(), argument, placeholder, "", "", defaultText, decoder);
    }

    /** Returns an option that is off until named; false, off, no and 0 in any case turn it off again. */
    public static Option<Boolean> flag(String name) {
        return of(Kind.FLAG, name, Argument.NONE, "", "false", Values::flag);
    }

    /** Returns an option for a whole number, read as C's {@code atoi} reads it; the last one counts. */
    public static Option<Integer> integer(String name, int defaultValue) {
        return of(
                Kind.INTEGER,
                name,
                Argument.REQUIRED,
                "N",
                Integer.toString(defaultValue),
                s -> Values.integer(s, defaultValue));
    }

    /** Returns an option for a size in bytes: a whole number, and {@code k}, {@code m} or {@code g} behind it; the last one counts. */
    public static Option<Long> size(String name, long defaultValue) {
        return of(
                Kind.SIZE,
                name,
                Argument.REQUIRED,
                "BYTES",
                Long.toString(defaultValue),
                s -> Values.size(s, defaultValue));
    }

    /** Returns an option for a text; the last one counts. */
    public static Option<Optional<String>> text(String name) {
        return of(Kind.TEXT, name, Argument.REQUIRED, "VALUE", "", Values::text);
    }

    /** Returns an option that may be repeated; all values count, in order. */
    public static Option<List<String>> list(String name) {
        return of(Kind.LIST, name, Argument.REQUIRED, "VALUE", "", Values::list);
    }

    /**
     * Returns an option for things that the user names, each with settings of its own, written {@code
     * name=app,key=value,key=one|two}. In HOCON it is an object of objects: {@code upstreams { app { key = value } }}. See
     * {@link io.juwsgi.config.typed.Sections}.
     */
    public static Option<List<String>> sections(String name) {
        return of(Kind.SECTIONS, name, Argument.REQUIRED, "name=NAME,...", "", Values::list);
    }

    /** Returns this option with a one-letter name. */
    public Option<T> shortName(char letter) {
        return new Option<>(kind, name, letter, aliases, argument, placeholder, area, doc, defaultText, decoder);
    }

    /** Returns this option with other long names for the same thing. */
    public Option<T> alias(String... names) {
        return new Option<>(
                kind, name, shortName, List.of(names), argument, placeholder, area, doc, defaultText, decoder);
    }

    /** Returns this option with an argument that may be left out. */
    public Option<T> optionalArgument() {
        return new Option<>(
                kind, name, shortName, aliases, Argument.OPTIONAL, placeholder, area, doc, defaultText, decoder);
    }

    /** Returns this option with a name for its argument in the help, such as {@code ADDRESS}. */
    public Option<T> placeholder(String word) {
        return new Option<>(kind, name, shortName, aliases, argument, word, area, doc, defaultText, decoder);
    }

    /** Returns this option in a group of the help, such as {@code process}. */
    public Option<T> area(String area) {
        return new Option<>(kind, name, shortName, aliases, argument, placeholder, area, doc, defaultText, decoder);
    }

    /** Returns this option with its one-line description. */
    public Option<T> doc(String doc) {
        return new Option<>(kind, name, shortName, aliases, argument, placeholder, area, doc, defaultText, decoder);
    }

    /** Returns this option with a default that the help shows: for options whose text the caller reads by itself. */
    public Option<T> shownDefault(String text) {
        return new Option<>(kind, name, shortName, aliases, argument, placeholder, area, doc, text, decoder);
    }

    /** Returns the long name, without dashes. */
    public String name() {
        return name;
    }

    /** Returns the one-letter name, or null. */
    public @Nullable Character shortName() {
        return shortName;
    }

    /** Returns the other long names. */
    public List<String> aliases() {
        return aliases;
    }

    /** Returns whether the option takes an argument. */
    public Argument argument() {
        return argument;
    }

    /** Returns the word that stands for the argument in the help; empty for a flag. */
    public String placeholder() {
        return placeholder;
    }

    /** Returns the group in the help. */
    public String area() {
        return area;
    }

    /** Returns the one-line description. */
    public String doc() {
        return doc;
    }

    /** Returns the default as text; empty when there is none. */
    public String defaultText() {
        return defaultText;
    }

    /** Returns what the text of a value is read as. */
    Kind kind() {
        return kind;
    }

    T decode(List<Setting> settings) {
        return decoder.decode(settings);
    }

    @Override
    public String toString() {
        return "--" + name;
    }
}
