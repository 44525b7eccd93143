package com.example.jwt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Reads the JSON objects of tokens: small, and no name twice. Members that are objects are passed over. Thread-safe. */
final class Json {
    private static final int LARGEST = 8192;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxStringLength(LARGEST)
                    .maxNumberLength(32)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    /** Returns the members of an object: strings, numbers as Double, booleans, lists of strings. */
    static Map<String, Object> object(byte[] text) throws InvalidTokenException {
        if (text.length > LARGEST) {
            throw new InvalidTokenException("the token is too long");
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new InvalidTokenException("the token is no JSON object");
            }
            Map<String, Object> members = members(parser);
            if (parser.nextToken() != null) {
                throw new InvalidTokenException("the token has something behind its JSON object");
            }
            return members;
        } catch (JacksonException e) {
            throw new InvalidTokenException("the token is no JSON");
        }
    }

    private static Map<String, Object> members(JsonParser parser) {
        Map<String, Object> members = new HashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            switch (parser.nextToken()) {
                case VALUE_STRING -> members.put(name, parser.getString());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> members.put(name, parser.getDoubleValue());
                case VALUE_TRUE -> members.put(name, true);
                case VALUE_FALSE -> members.put(name, false);
                case START_ARRAY -> members.put(name, strings(parser));
                default -> parser.skipChildren();
            }
        }
        return members;
    }

    private static List<String> strings(JsonParser parser) {
        List<String> strings = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == JsonToken.VALUE_STRING) {
                strings.add(parser.getString());
            } else {
                parser.skipChildren();
            }
        }
        return strings;
    }
}
