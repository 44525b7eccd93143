package com.example.rewrite;

import io.juwsgi.spi.exchange.Fields;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** One rule: what the values of a field become. Immutable. */
record Rule(String field, Pattern pattern, String replacement) {
    private static final Pattern FORM =
            Pattern.compile("\\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\\s*:\\s*(.+?)\\s+=>\\s*(.*)");
    /** How many characters a match may look at. Patterns that need more for the values of header fields are mistakes. */
    private static final int MOST_STEPS = 100_000;

    /**
     * Reads {@code Name: pattern => replacement}.
     *
     * @throws IllegalArgumentException when it has another form; the message is for the user
     */
    static Rule of(String component, String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(component + ": " + text + " (expected: Name: pattern => replacement)");
        }
        try {
            Rule rule = new Rule(form.group(1), Pattern.compile(form.group(2)), form.group(3));
            // A reference to a group that is not there shows itself only in a match.
            var _ = Pattern.compile(form.group(2) + "|").matcher("").replaceAll(rule.replacement);
            return rule;
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    component + ": " + form.group(2) + " (expected: a regular expression; " + e.getDescription() + ")",
                    e);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    component + ": " + form.group(3) + " (expected: groups that the pattern has)", e);
        }
    }

    /** Returns what the field becomes, null when it stays as it is, empty when it goes. */
    @Nullable
    String apply(Fields fields) {
        String value = fields.first(field);
        if (value == null) {
            return null;
        }
        try {
            Matcher matcher = pattern.matcher(new Bounded(value));
            return matcher.find() ? matcher.replaceFirst(replacement).strip() : null;
        } catch (TooLongException e) {
            return null;
        }
    }

    /** A text that ends a search which goes on and on: some patterns need exponential time for some values. */
    private static final class Bounded implements CharSequence {
        private final String text;
        private int steps;

        Bounded(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++steps > MOST_STEPS) {
                throw new TooLongException();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class TooLongException extends RuntimeException {
        TooLongException() {
            super(null, null, false, false);
        }
    }
}
