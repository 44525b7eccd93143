package io.juwsgi.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads the files that options name, of whatever format, and hands their assignments on in order. Used on the main thread. */
final class ConfigFiles {
    static final int DEEPEST = 32;

    private final Surroundings surroundings;
    private final Schemes schemes;
    private final Predicate<String> sections;
    private final Consumer<Assignment> sink;
    private final List<String> warnings;
    private final List<Assignment> before = new ArrayList<>();
    private final List<Assignment> after = new ArrayList<>();
    private final Deque<OpenFile> open = new ArrayDeque<>();
    private @Nullable FileMagic firstMagic;

    /** A section of a file that is being read. */
    private record OpenFile(String spec, Path path, String section) {
        boolean same(OpenFile other) {
            return path.equals(other.path) && section.equals(other.section);
        }

        String shown() {
            return section.isEmpty() ? spec : spec + ":" + section;
        }
    }

    ConfigFiles(
            Surroundings surroundings,
            ReadAhead ahead,
            Predicate<String> sections,
            Consumer<Assignment> sink,
            List<String> warnings) {
        this.surroundings = surroundings;
        this.schemes = new Schemes(surroundings, ahead);
        this.sections = sections;
        this.sink = sink;
        this.warnings = warnings;
    }

    Schemes schemes() {
        return schemes;
    }

    /** Puts the text of a file before or after that of every ini file that is read from now on. */
    void inject(Assignment named, boolean atEnd) {
        (atEnd ? after : before).add(named);
    }

    /** Reads the file that an assignment names, with the reader of this option, or the one its name tells. */
    void read(Assignment named, @Nullable Option<?> reader) {
        if (named.value().isEmpty()) {
            throw new ConfigException(named.origin() + ": " + named.key() + " needs the name of a file");
        }
        OpenFile file = locate(named);
        Option<?> by = reader != null ? reader : SourceName.readerOf(file.spec());
        if (by == null) {
            throw new ConfigException(named.origin() + ": cannot tell the format of " + named.value()
                    + " (expected: a name that ends in " + SourceName.endings() + ")");
        }
        begin(file, named.origin());
        try {
            hand(file, by, named);
        } finally {
            open.pop();
        }
    }

    private void hand(OpenFile file, Option<?> by, Assignment named) {
        Parsed parsed = parse(file, by, named.origin());
        warnings.addAll(parsed.warnings());
        if (!parsed.present()) {
            warnings.add(missingSection(file, named.origin(), parsed));
        }
        parsed.assignments().forEach(sink);
    }

    private Parsed parse(OpenFile file, Option<?> reader, Origin origin) {
        String text = Schemes.isScheme(file.spec())
                ? schemes.read(file.spec(), origin)
                : schemes.read(file.path(), file.spec(), origin);
        if (reader == ConfigOptions.CONF) {
            HoconSource source = new HoconSource(text, file.path(), file.spec(), surroundings);
            return new Parsed(HoconFile.read(source, sections), List.of(), List.of(), true);
        }
        // Before anything else, as uWSGI does: section names and whole lines may be made of variables.
        FileMagic magic = magicOf(file);
        if (reader == ConfigOptions.YAML) {
            return YamlFile.read(magic.replace(text), file.spec(), file.section());
        }
        if (reader == ConfigOptions.JSON) {
            return JsonFile.read(magic.replace(text), file.spec(), file.section());
        }
        if (reader == ConfigOptions.XML) {
            return XmlFile.read(magic.replace(text), file.spec(), file.section());
        }
        List<IniFile.Part> parts = new ArrayList<>();
        before.forEach(a -> parts.add(injected(a, magic)));
        parts.add(new IniFile.Part(file.spec(), magic.replace(text)));
        after.forEach(a -> parts.add(injected(a, magic)));
        return IniFile.read(parts, file.section());
    }

    private IniFile.Part injected(Assignment a, FileMagic magic) {
        return new IniFile.Part(a.value(), magic.replace(schemes.read(a.value(), a.origin())));
    }

    private static String missingSection(OpenFile file, Origin origin, Parsed parsed) {
        String expected = file.section().isEmpty() ? "uwsgi" : file.section();
        String found = parsed.sections().isEmpty()
                ? "none at all"
                : String.join(", ", parsed.sections().stream().limit(8).toList());
        return origin + ": " + file.spec() + " has no section " + expected + ", nothing is read from it (found: "
                + found + ")";
    }

    private FileMagic magicOf(OpenFile file) {
        FileMagic magic = new FileMagic(file.spec(), file.path(), file.section(), surroundings.directory(), firstMagic);
        if (firstMagic == null) {
            firstMagic = magic;
        }
        return magic;
    }

    /** Finds the file and section that {@code file.ini}, {@code file.ini:section} or {@code :section} name. */
    private OpenFile locate(Assignment named) {
        String spec = named.value();
        if (spec.startsWith(":")) {
            OpenFile current = open.peek();
            if (current == null) {
                throw new ConfigException(named.origin() + ": " + spec
                        + " names a section of the file it stands in (expected here: FILE" + spec + ")");
            }
            return new OpenFile(current.spec(), current.path(), spec.substring(1));
        }
        String file = SourceName.withoutSection(spec);
        boolean whole = file.length() == spec.length() || Files.exists(resolve(spec, named.origin()));
        String section = whole ? "" : spec.substring(file.length() + 1);
        return open(named, whole ? spec : file, section);
    }

    private OpenFile open(Assignment named, String file, String section) {
        Path path = resolve(file, named.origin());
        OpenFile current = open.peek();
        if (current != null && !Schemes.isScheme(file) && !Files.exists(path)) {
            Path beside = current.path().resolveSibling(file);
            if (Files.exists(beside)) {
                throw new ConfigException(named.origin() + ": no such configuration file: " + file
                        + " (names are relative to the working directory; for the one beside this file write %d" + file
                        + ")");
            }
        }
        return new OpenFile(file, path, section);
    }

    private Path resolve(String file, Origin origin) {
        try {
            return surroundings.directory().resolve(file).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new ConfigException(origin + ": not a file name: " + file);
        }
    }

    private void begin(OpenFile file, Origin origin) {
        if (open.stream().anyMatch(file::same)) {
            throw new ConfigException(origin + ": " + file.shown() + " reads itself again");
        }
        if (open.size() >= DEEPEST) {
            throw new ConfigException(origin + ": configuration files nested more than " + DEEPEST + " deep");
        }
        open.push(file);
    }
}
