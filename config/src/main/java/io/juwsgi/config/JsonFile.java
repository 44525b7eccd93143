package io.juwsgi.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Reads a JSON file as uWSGI does: true is 1, false and null are 0, numbers stay as they are written, a list repeats its key. */
final class JsonFile {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(64).build())
            .build();

    private final String shown;
    private final String asked;
    private final JsonParser parser;
    private final List<Assignment> found = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Set<String> sections = new LinkedHashSet<>();
    private boolean present;

    private JsonFile(String shown, String asked, JsonParser parser) {
        this.shown = shown;
        this.asked = asked;
        this.parser = parser;
    }

    static Parsed read(String text, String shown, String section) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            JsonFile json = new JsonFile(shown, section, parser);
            json.document();
            return new Parsed(json.found, json.warnings, List.copyOf(json.sections), json.present);
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNr());
            throw new ConfigException(new Origin(shown, line) + ": " + e.getOriginalMessage());
        }
    }

    private Origin position() {
        return new Origin(shown, parser.currentTokenLocation().getLineNr());
    }

    private void document() {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new ConfigException(shown + ": an object is expected at the top, with the member uwsgi in it");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            sections.add(name);
            JsonToken value = parser.nextToken();
            if (!Parsed.wanted(name, asked)) {
                parser.skipChildren();
            } else if (value == JsonToken.START_OBJECT) {
                present = true;
                members();
            } else {
                warnings.add(position() + ": " + name + " is no object of options, left out");
                parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw new ConfigException(position() + ": text after the end of the object");
        }
    }

    private void members() {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            if (parser.nextToken() == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    value(key);
                }
            } else {
                value(key);
            }
        }
    }

    private void value(String key) {
        Origin origin = position();
        switch (parser.currentToken()) {
            case VALUE_TRUE -> found.add(new Assignment(key, "1", origin));
            case VALUE_FALSE, VALUE_NULL -> found.add(new Assignment(key, "0", origin));
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                found.add(new Assignment(key, parser.getString(), origin));
            default -> {
                warnings.add(origin + ": " + key + " holds a list or an object, left out (expected: texts, numbers)");
                parser.skipChildren();
            }
        }
    }
}
