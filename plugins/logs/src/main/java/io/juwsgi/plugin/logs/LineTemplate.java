package io.juwsgi.plugin.logs;

import io.juwsgi.spi.log.LogEncoder;
import io.juwsgi.spi.log.LogLine;
import io.juwsgi.spi.log.LogText;
import io.juwsgi.spi.log.Strftime;
import java.util.ArrayList;
import java.util.List;

/**
 * A line made of a text with {@code ${variables}}: msg, msgnl, unix, millis, micros, strftime:FORMAT. What is no variable
 * stays as it is. Immutable.
 */
final class LineTemplate implements LogEncoder {

    /** One part of the line. */
    private interface Part {
        void append(StringBuilder out, LogLine line);
    }

    private final List<Part> parts = new ArrayList<>();
    private final boolean json;

    private LineTemplate(String format, boolean json) {
        this.json = json;
        int at = 0;
        while (at < format.length()) {
            int open = format.indexOf("${", at);
            int close = open < 0 ? -1 : format.indexOf('}', open);
            if (close < 0) {
                literal(format.substring(at));
                return;
            }
            literal(format.substring(at, open));
            String name = format.substring(open + 2, close);
            if (!variable(name)) {
                literal("${" + name + "}");
            }
            at = close + 1;
        }
    }

    /** Returns an encoder that puts texts in as they are. */
    static LineTemplate text(String format) {
        return new LineTemplate(format, false);
    }

    /** Returns an encoder for JSON: the format is an object, and variables stand within its strings or as numbers. */
    static LineTemplate json(String format) {
        return new LineTemplate(format, true);
    }

    private void literal(String text) {
        parts.add((out, line) -> out.append(text));
    }

    private boolean variable(String name) {
        switch (name) {
            case "msg" -> parts.add((out, line) -> put(out, line.text()));
            case "msgnl" -> parts.add((out, line) -> put(out, line.text() + "\n"));
            case "unix" -> parts.add((out, line) -> out.append(line.micros() / 1_000_000));
            case "millis" -> parts.add((out, line) -> out.append(line.micros() / 1_000));
            case "micros" -> parts.add((out, line) -> out.append(line.micros()));
            default -> {
                if (!name.startsWith("strftime:")) {
                    return false;
                }
                Strftime time = Strftime.of(name.substring("strftime:".length()));
                parts.add((out, line) -> put(out, time.format(line.micros() / 1_000_000)));
            }
        }
        return true;
    }

    private void put(StringBuilder out, String text) {
        if (json) {
            LogText.jsonEscaped(out, text);
        } else {
            out.append(text);
        }
    }

    @Override
    public String encode(LogLine line) {
        StringBuilder out = new StringBuilder(line.text().length() + 64);
        parts.forEach(part -> part.append(out, line));
        return out.toString();
    }
}
