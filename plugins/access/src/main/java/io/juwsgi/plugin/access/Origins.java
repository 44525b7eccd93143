package io.juwsgi.plugin.access;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The sites whose pages may ask. Immutable.
 *
 * @param all whether all may
 * @param exact their origins
 * @param below origins with one name left out: {@code https://} and {@code .example.org}
 */
record Origins(boolean all, Set<String> exact, List<Below> below) {

    /** All origins of one scheme below a name. */
    record Below(String scheme, String domain) {}

    /** Throws {@link IllegalArgumentException} when a text is no origin. */
    static void check(String text, boolean credentials) {
        if (text.equals("*")) {
            if (credentials) {
                throw new IllegalArgumentException(
                        "origins: * (expected: the origins by name, as credentials are allowed)");
            }
        } else if (!text.equals("null") && !text.matches("[a-z][a-z0-9+.-]*://(\\*\\.)?[^/*?#\\s]+")) {
            throw new IllegalArgumentException("origins: " + text + " (expected: such as https://app.example, or *)");
        }
    }

    static Origins of(List<String> given) {
        Set<String> exact = new HashSet<>();
        List<Below> below = new ArrayList<>();
        for (String text : given) {
            int star = text.indexOf("*.");
            if (star > 0) {
                below.add(new Below(
                        text.substring(0, star), text.substring(star + 1).toLowerCase(Locale.ROOT)));
            } else {
                exact.add(text.toLowerCase(Locale.ROOT));
            }
        }
        return new Origins(given.contains("*"), exact, below);
    }

    boolean hold(String origin) {
        String small = origin.toLowerCase(Locale.ROOT);
        if (all || exact.contains(small)) {
            return true;
        }
        for (Below one : below) {
            if (small.startsWith(one.scheme())
                    && small.endsWith(one.domain())
                    && small.length() > one.scheme().length() + one.domain().length()) {
                return true;
            }
        }
        return false;
    }
}
