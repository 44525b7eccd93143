package io.juwsgi.config;

import java.util.List;

/** Writes the manual page, in roff, from the option registry. */
public final class ManPage {
    private ManPage() {}

    /**
     * Returns the page.
     *
     * @param version the version of the program
     * @param usage the ways to call it, a line for each
     */
    public static String roff(OptionRegistry registry, String version, List<String> usage) {
        StringBuilder out = new StringBuilder(".TH JUWSGI 1 \"\" \"juwsgi ")
                .append(text(version))
                .append(
                        "\"\n.SH NAME\njuwsgi \\- application server and gateway for Python web applications\n.SH SYNOPSIS\n.nf\n");
        usage.forEach(line -> out.append(text(line)).append('\n'));
        out.append(".fi\n.SH DESCRIPTION\n")
                .append("Takes HTTP, or the uwsgi protocol from a web server in front, and runs WSGI applications in\n")
                .append(
                        "supervised worker processes. Every option may stand on the command line, in a file (ini, YAML, JSON,\n")
                .append("XML, HOCON) without its dashes, and in the environment as UWSGI_NAME.\n");
        for (String area : registry.areas()) {
            List<KnownOption> active = registry.everything(area).stream()
                    .filter(known -> known.state() == KnownOption.State.ACTIVE)
                    .toList();
            if (!active.isEmpty()) {
                out.append(".SH OPTIONS: ")
                        .append(text(area.toUpperCase(java.util.Locale.ROOT)))
                        .append('\n');
                active.forEach(known -> option(out, known.option()));
            }
        }
        return out.toString();
    }

    private static void option(StringBuilder out, Option<?> option) {
        out.append(".TP\n.B ");
        if (option.shortName() != null) {
            out.append("\\-").append(option.shortName()).append(", ");
        }
        out.append(text("--" + option.name()));
        option.aliases().forEach(alias -> out.append(", ").append(text("--" + alias)));
        out.append(
                        switch (option.argument()) {
                            case NONE -> "";
                            case REQUIRED -> " " + text(option.placeholder());
                            case OPTIONAL -> "[=" + text(option.placeholder()) + "]";
                        })
                .append('\n')
                .append(text(option.doc().isEmpty() ? option.name() : option.doc()));
        if (!option.defaultText().isEmpty() && option.kind() != Option.Kind.FLAG) {
            out.append(" (default: ").append(text(option.defaultText())).append(')');
        }
        out.append('\n');
    }

    /** A dash is a hyphen, a dot or quote that begins a line a request, unless they are escaped. */
    private static String text(String plain) {
        String escaped = plain.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
