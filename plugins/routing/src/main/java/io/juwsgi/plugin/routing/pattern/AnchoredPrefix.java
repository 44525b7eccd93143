package io.juwsgi.plugin.routing.pattern;

/** The literal text behind a {@code ^} at the beginning of a pattern. */
final class AnchoredPrefix {
    private static final String META = ".[](){}*+?|\\^$";
    private static final String QUANTIFIERS = "*?{+";

    private AnchoredPrefix() {}

    /** Returns what every text that matches begins with; empty when that is not obvious. */
    static String of(String pattern) {
        // An alternative need not begin so; it is not worth finding out where it ends.
        if (!pattern.startsWith("^") || pattern.indexOf('|') >= 0) {
            return "";
        }
        int end = 1;
        while (end < pattern.length() && META.indexOf(pattern.charAt(end)) < 0) {
            end++;
        }
        boolean lastMayBeAbsent = end < pattern.length() && QUANTIFIERS.indexOf(pattern.charAt(end)) >= 0;
        return pattern.substring(1, lastMayBeAbsent ? Math.max(end - 1, 1) : end);
    }
}
