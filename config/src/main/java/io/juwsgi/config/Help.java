package io.juwsgi.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Writes the text of {@code --help} from the option registry. */
public final class Help {
    private static final int COLUMN = 34;
    private static final int NARROWEST = 60;

    private Help() {}

    /** Returns the options grouped by area, each with its names, argument, default and description, in lines of {@code width}. */
    public static String text(OptionRegistry registry, int width) {
        int columns = Math.max(width, NARROWEST);
        Map<String, List<Option<?>>> areas = new LinkedHashMap<>();
        for (Option<?> option : registry.all()) {
            String area = registry.area(option);
            areas.computeIfAbsent(area, a -> new ArrayList<>()).add(option);
        }
        // What a server is configured with comes before how a file is written.
        List<Option<?>> reading = areas.remove(ConfigOptions.AREA);
        if (reading != null) {
            areas.put(ConfigOptions.AREA, reading);
        }
        StringBuilder out = new StringBuilder();
        areas.forEach((area, options) -> {
            out.append(out.isEmpty() ? "" : "\n").append(area).append(":\n");
            options.forEach(option -> describe(out, option, registry.doc(option), columns));
        });
        return out.toString();
    }

    private static void describe(StringBuilder out, Option<?> option, String doc, int columns) {
        String names = "  " + names(option);
        out.append(names);
        String description = description(option, doc);
        if (!description.isEmpty()) {
            if (names.length() >= COLUMN) {
                out.append('\n').repeat(' ', COLUMN);
            } else {
                out.repeat(' ', COLUMN - names.length());
            }
            wrapped(out, description, columns);
        }
        out.append('\n');
    }

    /** Appends words, in lines that begin at the column of the descriptions. */
    private static void wrapped(StringBuilder out, String text, int columns) {
        int used = COLUMN;
        for (String word : text.split(" ", -1)) {
            if (used > COLUMN && used + 1 + word.length() > columns) {
                out.append('\n').repeat(' ', COLUMN);
                used = COLUMN;
            } else if (used > COLUMN) {
                out.append(' ');
                used++;
            }
            out.append(word);
            used += word.length();
        }
    }

    private static String names(Option<?> option) {
        String letter = option.shortName() == null ? "    " : "-" + option.shortName() + ", ";
        return letter + "--" + option.name()
                + switch (option.argument()) {
                    case NONE -> "";
                    case REQUIRED -> " " + option.placeholder();
                    case OPTIONAL -> "[=" + option.placeholder() + "]";
                };
    }

    private static String description(Option<?> option, String doc) {
        StringJoiner text = new StringJoiner(" ");
        if (!doc.isEmpty()) {
            text.add(doc);
        }
        if (!option.defaultText().isEmpty() && option.kind() != Option.Kind.FLAG) {
            text.add("(default: " + option.defaultText() + ")");
        }
        if (!option.aliases().isEmpty()) {
            text.add("(also --" + String.join(", --", option.aliases()) + ")");
        }
        return text.toString();
    }
}
