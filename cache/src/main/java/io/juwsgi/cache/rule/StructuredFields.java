package io.juwsgi.cache.rule;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads structured fields (RFC 9651), as far as caches meet them: dictionaries and lists. Items are {@link Long}, {@link
 * BigDecimal}, {@link String}, {@link Token}, {@link Boolean}, or {@link List} for inner lists; byte sequences, dates and
 * display strings make a field invalid here. Parameters are checked and dropped. Used by one thread.
 */
public final class StructuredFields {
    /** More members than this make a field invalid: no directive needs them. */
    private static final int MOST = 256;

    /** A word without quotes. */
    public record Token(String word) {}

    private static final class InvalidField extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidField() {
            super("no structured field", null, false, false);
        }
    }

    private final String text;
    private int at;

    private StructuredFields(String text) {
        this.text = text;
    }

    /** Returns a dictionary's members, the last of those with one name, or null when the text is not one. */
    public static @Nullable Map<String, Object> dictionary(String text) {
        try {
            return new StructuredFields(text).readDictionary();
        } catch (InvalidField e) {
            return null;
        }
    }

    /** Returns a list's members, or null when the text is not one. */
    public static @Nullable List<Object> list(String text) {
        try {
            return new StructuredFields(text).readList();
        } catch (InvalidField e) {
            return null;
        }
    }

    private Map<String, Object> readDictionary() throws InvalidField {
        Map<String, Object> all = new LinkedHashMap<>();
        spaces();
        while (at < text.length()) {
            String key = key();
            boolean valued = peek() == '=';
            if (valued) {
                at++;
            }
            Object value = valued ? member() : true;
            parameters();
            all.put(key, value);
            next(all.size());
        }
        return all;
    }

    private List<Object> readList() throws InvalidField {
        List<Object> all = new ArrayList<>();
        spaces();
        while (at < text.length()) {
            all.add(member());
            parameters();
            next(all.size());
        }
        return all;
    }

    /** Goes over the comma to the next member, or to the end. */
    private void next(int count) throws InvalidField {
        whitespace();
        if (at == text.length()) {
            return;
        }
        expect(',');
        whitespace();
        if (at == text.length() || count == MOST) {
            throw new InvalidField();
        }
    }

    private Object member() throws InvalidField {
        if (peek() != '(') {
            return item();
        }
        at++;
        List<Object> inner = new ArrayList<>();
        for (spaces(); peek() != ')'; spaces()) {
            inner.add(item());
            parameters();
            if (peek() != ' ' && peek() != ')') {
                throw new InvalidField();
            }
        }
        at++;
        return inner;
    }

    private Object item() throws InvalidField {
        char c = peek();
        if (c == '"') {
            return string();
        }
        if (c == '?') {
            return bool();
        }
        if (c == '-' || isDigit(c)) {
            return number();
        }
        if (isAlpha(c) || c == '*') {
            return token();
        }
        throw new InvalidField();
    }

    private void parameters() throws InvalidField {
        while (peek() == ';') {
            at++;
            spaces();
            key();
            if (peek() == '=') {
                at++;
                item();
            }
        }
    }

    private String key() throws InvalidField {
        int start = at;
        if (!isLower(peek()) && peek() != '*') {
            throw new InvalidField();
        }
        while (isLower(peek()) || isDigit(peek()) || "_-.*".indexOf(peek()) >= 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private String string() throws InvalidField {
        StringBuilder value = new StringBuilder();
        at++;
        while (peek() != '"') {
            char c = peek();
            if (c == '\\') {
                at++;
                c = peek();
                if (c != '"' && c != '\\') {
                    throw new InvalidField();
                }
            }
            if (c < 0x20 || c > 0x7e) {
                throw new InvalidField();
            }
            value.append(c);
            at++;
        }
        at++;
        return value.toString();
    }

    private Boolean bool() throws InvalidField {
        at++;
        char c = peek();
        at++;
        if (c != '0' && c != '1') {
            throw new InvalidField();
        }
        return c == '1';
    }

    private Object number() throws InvalidField {
        int start = at;
        at += peek() == '-' ? 1 : 0;
        int whole = digits();
        boolean decimal = peek() == '.';
        int rest = 0;
        if (decimal) {
            at++;
            rest = digits();
        }
        boolean valid = whole > 0 && (decimal ? whole <= 12 && rest > 0 && rest <= 3 : whole <= 15);
        if (!valid) {
            throw new InvalidField();
        }
        String read = text.substring(start, at);
        return decimal ? new BigDecimal(read) : (Object) Long.valueOf(read);
    }

    private int digits() {
        int start = at;
        while (isDigit(peek())) {
            at++;
        }
        return at - start;
    }

    private Token token() {
        int start = at;
        while (isAlpha(peek()) || isDigit(peek()) || "!#$%&'*+-.^_`|~:/".indexOf(peek()) >= 0) {
            at++;
        }
        return new Token(text.substring(start, at));
    }

    private void expect(char wanted) throws InvalidField {
        if (peek() != wanted) {
            throw new InvalidField();
        }
        at++;
    }

    private void spaces() {
        while (peek() == ' ') {
            at++;
        }
    }

    private void whitespace() {
        while (peek() == ' ' || peek() == '\t') {
            at++;
        }
    }

    /** Returns the next character, NUL at the end: no rule takes that. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isAlpha(char c) {
        return isLower(c) || (c >= 'A' && c <= 'Z');
    }
}
