package io.juwsgi.cli.control;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** An answer as people read it: {@code name: value} lines, and a table for each list of objects. */
final class PlainText {
    private PlainText() {}

    /** Returns the text, each line with its end. */
    static String of(@Nullable Object answer) {
        StringBuilder text = new StringBuilder();
        if (answer instanceof Map<?, ?> map) {
            map.forEach((name, value) -> append(text, String.valueOf(name), value));
        } else {
            text.append(scalar(answer)).append('\n');
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String name, @Nullable Object value) {
        switch (value) {
            case List<?> rows
            when !rows.isEmpty() && rows.stream().allMatch(Map.class::isInstance) ->
                text.append(name).append(":\n").append(table(rows));
            case Map<?, ?> map -> {
                text.append(name).append(":\n");
                of(map).lines().forEach(line -> text.append("  ").append(line).append('\n'));
            }
            case String lines
            when lines.indexOf('\n') >= 0 ->
                text.append(name).append(":\n").append(lines.stripTrailing()).append('\n');
            case null, default ->
                text.append(name).append(": ").append(scalar(value)).append('\n');
        }
    }

    private static String table(List<?> rows) {
        SequencedSet<String> names = new LinkedHashSet<>();
        rows.forEach(row -> ((Map<?, ?>) row).keySet().forEach(name -> names.add(String.valueOf(name))));
        List<List<String>> cells = new ArrayList<>();
        cells.add(List.copyOf(names));
        for (Object row : rows) {
            cells.add(names.stream()
                    .map(name -> scalar(((Map<?, ?>) row).get(name)))
                    .toList());
        }
        int[] widths = new int[names.size()];
        cells.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        StringBuilder text = new StringBuilder();
        cells.forEach(row -> text.append(line(row, widths)));
        return text.toString();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append("  ")
                    .append(row.get(i))
                    .repeat(' ', widths[i] - row.get(i).length());
        }
        return line.toString().stripTrailing() + "\n";
    }

    /** A terminal must not obey what stands in a URL. */
    private static String scalar(@Nullable Object value) {
        String text = switch (value) {
            case null -> "-";
            case List<?> list ->
                String.join(", ", list.stream().map(PlainText::scalar).toList());
            default -> value.toString();
        };
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return clean.toString();
    }
}
