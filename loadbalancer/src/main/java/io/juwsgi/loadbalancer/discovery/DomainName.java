package io.juwsgi.loadbalancer.discovery;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names of hosts and services: letters, digits, hyphens and underscores between dots, not longer than DNS has them. */
final class DomainName {
    private static final int LONGEST = 253;
    private static final String LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
    private static final Pattern NAME = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*\\.?");

    private DomainName() {}

    static boolean isOne(String text) {
        return text.length() <= LONGEST + (text.endsWith(".") ? 1 : 0)
                && NAME.matcher(text).matches();
    }

    /** Returns the form in which equal names are equal: small letters, no dot at the end. */
    static String canonical(String name) {
        String small = name.toLowerCase(Locale.ROOT);
        return small.endsWith(".") ? small.substring(0, small.length() - 1) : small;
    }
}
