package io.juwsgi.config;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes every known option, acted on or not, as a page of the documentation or for programs. */
public final class OptionsPage {
    private static final int COLUMN = 34;

    private OptionsPage() {}

    /** Returns lines for a terminal, each with the state of an option when nothing acts on it; an empty area is all of them. */
    public static String text(OptionRegistry registry, String area) {
        StringBuilder out = new StringBuilder();
        for (KnownOption known : registry.everything(area)) {
            String name = known.option().name();
            out.append(name).repeat(' ', Math.max(1, COLUMN - name.length()));
            out.append(text(known).replace("*", "")).append('\n');
        }
        return out.toString();
    }

    /** Returns a page in Markdown: one table for each area, or for this one, the options in order of name. */
    public static String markdown(OptionRegistry registry, String area) {
        Map<String, List<KnownOption>> areas = new TreeMap<>();
        List<KnownOption> everything = registry.everything(area);
        for (KnownOption known : everything) {
            areas.computeIfAbsent(known.option().area(), a -> new ArrayList<>()).add(known);
        }
        StringBuilder out = new StringBuilder("# Options\n\n");
        out.append("Made from the option registry by `juwsgi options --markdown`. ")
                .append(count(everything, KnownOption.State.ACTIVE))
                .append(" options are acted on; ")
                .append(count(everything, KnownOption.State.LATER))
                .append(" more of uWSGI are known and give a notice (*later*), ")
                .append(count(everything, KnownOption.State.ALWAYS))
                .append(" ask for what juwsgi always does, ")
                .append(count(everything, KnownOption.State.MEANINGLESS))
                .append(" have no meaning here.\n");
        areas.forEach((name, options) -> {
            out.append("\n## ")
                    .append(name)
                    .append("\n\n| option | takes | default | what it does |\n|---|---|---|---|\n");
            options.forEach(known -> row(out, known));
        });
        return out.toString();
    }

    private static long count(List<KnownOption> options, KnownOption.State state) {
        return options.stream().filter(known -> known.state() == state).count();
    }

    private static void row(StringBuilder out, KnownOption known) {
        Option<?> option = known.option();
        out.append("| `").append(option.name()).append('`');
        option.aliases().forEach(alias -> out.append(", `").append(alias).append('`'));
        if (option.shortName() != null) {
            out.append(", `-").append(option.shortName()).append('`');
        }
        boolean shown = known.state() == KnownOption.State.ACTIVE && option.kind() != Option.Kind.FLAG;
        out.append(" | ")
                .append(cell(takes(option)))
                .append(" | ")
                .append(shown ? cell(option.defaultText()) : "")
                .append(" | ")
                .append(cell(text(known)))
                .append(" |\n");
    }

    private static String takes(Option<?> option) {
        return switch (option.argument()) {
            case NONE -> "";
            case REQUIRED -> option.placeholder();
            case OPTIONAL -> "[" + option.placeholder() + "]";
        };
    }

    private static String text(KnownOption known) {
        String line = known.branch().equals("2.1") ? " (uWSGI 2.1)" : "";
        return switch (known.state()) {
            case ACTIVE -> known.option().doc() + line;
            case ALWAYS -> "*always:* " + known.option().doc() + line;
            case LATER -> "*later:* " + known.option().doc() + line;
            case MEANINGLESS -> "*no meaning:* " + known.reason() + line;
        };
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }

    /** Returns a JSON array with one object for each option, or each of an area. */
    public static String json(OptionRegistry registry, String area) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JsonFactory.builder().build().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartArray();
            registry.everything(area).forEach(known -> object(json, known));
            json.writeEndArray();
        }
        return out.toString();
    }

    private static void object(JsonGenerator json, KnownOption known) {
        Option<?> option = known.option();
        json.writeStartObject();
        json.writeStringProperty("name", option.name());
        json.writeArrayPropertyStart("aliases");
        option.aliases().forEach(json::writeString);
        json.writeEndArray();
        if (option.shortName() != null) {
            json.writeStringProperty("short", String.valueOf(option.shortName()));
        }
        json.writeStringProperty("argument", lower(option.argument()));
        json.writeStringProperty("kind", lower(option.kind()));
        json.writeStringProperty("default", option.defaultText());
        json.writeStringProperty("area", option.area());
        json.writeStringProperty("branch", known.branch());
        json.writeStringProperty("state", lower(known.state()));
        json.writeStringProperty("doc", known.option().doc());
        json.writeStringProperty("reason", known.reason());
        json.writeEndObject();
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(java.util.Locale.ROOT);
    }
}
