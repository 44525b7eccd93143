package io.juwsgi.plugin.routing.pattern;

import io.juwsgi.spi.route.RoutePattern;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A pattern that Java's matcher runs, for a limited number of steps. Thread-safe. */
record BacktrackingPattern(Pattern pattern, int steps) implements RoutePattern {
    @Override
    public String @Nullable [] find(String text) {
        try {
            Matcher matcher = pattern.matcher(new CountingText(text, steps));
            if (!matcher.find()) {
                return null;
            }
            String[] groups = new String[matcher.groupCount() + 1];
            for (int i = 0; i < groups.length; i++) {
                int start = matcher.start(i);
                groups[i] = start < 0 ? "" : text.substring(start, matcher.end(i));
            }
            return groups;
        } catch (StackOverflowError e) {
            // Its groups are matched by recursion, as deep as the text is long.
            throw new PatternLimitException(pattern + " goes too deep", e);
        }
    }

    /** A text that can be looked at a number of times. Used by one match. */
    private static final class CountingText implements CharSequence {
        private final String text;
        private int left;

        CountingText(String text, int steps) {
            this.text = Objects.requireNonNull(text);
            this.left = steps;
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new PatternLimitException("a pattern takes too many steps");
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
