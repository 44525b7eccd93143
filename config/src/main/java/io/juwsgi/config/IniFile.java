package io.juwsgi.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads an ini file as uWSGI does: whole-line comments only, keys with or without {@code =}, everything in order. Keys before the
 * first section belong to none.
 */
final class IniFile {

    /** A stretch of text with the name of the file it comes from. */
    record Part(String shown, String text) {}

    private final String asked;
    private final List<Assignment> found = new ArrayList<>();
    private final Set<String> sections = new LinkedHashSet<>();
    private boolean inside;
    private boolean present;

    private IniFile(String asked) {
        this.asked = asked;
    }

    /** Reads the parts as if they were one file. */
    static Parsed read(List<Part> parts, String section) {
        IniFile ini = new IniFile(section);
        for (Part part : parts) {
            int number = 0;
            for (String line : part.text().split("\n", -1)) {
                number++;
                ini.line(line.strip(), new Origin(part.shown(), number));
            }
        }
        return new Parsed(ini.found, List.of(), List.copyOf(ini.sections), ini.present);
    }

    private void line(String content, Origin origin) {
        if (content.isEmpty() || content.startsWith(";") || content.startsWith("#")) {
            return;
        }
        if (content.startsWith("[")) {
            String section = content.substring(1, Math.max(1, content.length() - 1));
            sections.add(section);
            inside = Parsed.wanted(section, asked);
            present |= inside;
        } else if (inside) {
            found.add(keyed(content, origin));
        }
    }

    private static Assignment keyed(String content, Origin origin) {
        int equals = content.indexOf('=');
        return equals < 0
                ? new Assignment(content, "", origin)
                : new Assignment(
                        content.substring(0, equals).stripTrailing(),
                        content.substring(equals + 1).strip(),
                        origin);
    }
}
