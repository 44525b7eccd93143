package io.juwsgi.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The names of uWSGI's options, read from {@code uwsgi-options.tsv}: what makes it possible to tell an option that nothing acts on
 * from a misspelt one. Immutable once read; read when a name is first asked for.
 */
final class Catalogue {
    private static final String RESOURCE = "uwsgi-options.tsv";
    private static final int COLUMNS = 9;

    /** Every name, aliases too, with the option it belongs to. */
    private final TreeMap<String, KnownOption> byName = new TreeMap<>();

    private final Map<String, KnownOption> byOwnName = new LinkedHashMap<>();

    /** One line of the resource. */
    private record Row(
            String name,
            String letter,
            String argument,
            String kind,
            String area,
            String branch,
            String aliasOf,
            String state,
            String text) {

        static Row parse(String line) {
            String[] columns = line.split("\t", -1);
            if (columns.length != COLUMNS) {
                throw new IllegalStateException(RESOURCE + ": " + columns.length + " columns in: " + line);
            }
            return new Row(
                    columns[0],
                    columns[1],
                    columns[2],
                    columns[3],
                    columns[4],
                    columns[5],
                    columns[6],
                    columns[7],
                    columns[8]);
        }
    }

    private static final class Holder {
        static final Catalogue READ = read();
    }

    private Catalogue() {}

    static Catalogue get() {
        return Holder.READ;
    }

    private static Catalogue read() {
        try (InputStream in = Catalogue.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + RESOURCE + " is missing");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            List<Row> rows = lines.lines()
                    .filter(l -> !l.startsWith("#"))
                    .map(Row::parse)
                    .toList();
            Catalogue catalogue = new Catalogue();
            catalogue.fill(rows);
            return catalogue;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fill(List<Row> rows) {
        Map<String, List<String>> aliases = new LinkedHashMap<>();
        for (Row row : rows) {
            if (!row.aliasOf().equals("-")) {
                aliases.computeIfAbsent(row.aliasOf(), name -> new ArrayList<>())
                        .add(row.name());
            }
        }
        for (Row row : rows) {
            if (row.aliasOf().equals("-")) {
                List<String> others = aliases.getOrDefault(row.name(), List.of());
                KnownOption known = known(row, others);
                byOwnName.put(row.name(), known);
                byName.put(row.name(), known);
                others.forEach(other -> byName.put(other, known));
            }
        }
    }

    private static KnownOption known(Row row, List<String> aliases) {
        boolean never = row.state().equals("never");
        Option<?> option =
                option(row).area(row.area()).doc(never ? "" : row.text()).alias(aliases.toArray(String[]::new));
        if (!row.letter().equals("-")) {
            option = option.shortName(row.letter().charAt(0));
        }
        return new KnownOption(option, state(row.state()), row.branch(), never ? row.text() : "");
    }

    private static KnownOption.State state(String word) {
        return switch (word) {
            case "never" -> KnownOption.State.MEANINGLESS;
            case "always" -> KnownOption.State.ALWAYS;
            case "later" -> KnownOption.State.LATER;
            default -> throw new IllegalStateException(RESOURCE + ": no state: " + word);
        };
    }

    private static Option<?> option(Row row) {
        Option<?> option = switch (row.kind()) {
            case "flag" -> Option.flag(row.name());
            case "int" -> Option.integer(row.name(), 0);
            case "text" -> Option.text(row.name());
            default -> Option.list(row.name());
        };
        return row.argument().equals("o") ? option.optionalArgument() : option;
    }

    Optional<KnownOption> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    Optional<KnownOption> find(char letter) {
        return byOwnName.values().stream()
                .filter(known ->
                        known.option().shortName() != null && known.option().shortName() == letter)
                .findFirst();
    }

    /** Returns the names of released versions that begin with {@code prefix}. */
    Map<String, KnownOption> startingWith(String prefix) {
        Map<String, KnownOption> found = new TreeMap<>();
        for (Map.Entry<String, KnownOption> entry : byName.tailMap(prefix).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                break;
            }
            if (entry.getValue().branch().equals("2.0")) {
                found.put(entry.getKey(), entry.getValue());
            }
        }
        return found;
    }

    Collection<String> names() {
        return Collections.unmodifiableSet(byName.keySet());
    }

    Collection<KnownOption> all() {
        return Collections.unmodifiableCollection(byOwnName.values());
    }
}
