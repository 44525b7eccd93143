package io.juwsgi.plugin.routing;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is said about a word that nobody registered. */
final class UnknownWord {
    private static final String WORKER = " is not offered: it acts inside uWSGI's worker process";
    private static final String TUNNEL = " is not offered: it would tunnel what nobody here looks at";
    private static final String ELSEWHERE = " is not offered by a plugin that is loaded";

    /** uWSGI's own actions that are not there, and why. */
    private static final Map<String, String> NOT_OFFERED = Map.ofEntries(
            Map.entry("chdir", WORKER),
            Map.entry("sethome", WORKER),
            Map.entry("setfile", WORKER),
            Map.entry("setprocname", WORKER),
            Map.entry("disableheaders", " is not offered: a response without a head is no HTTP"),
            Map.entry("httpconnect", TUNNEL),
            Map.entry("proxyhttpconnect", TUNNEL));

    private static final Set<String> OF_UWSGI = Set.of(
            "access",
            "alarm",
            "cache",
            "cachestore",
            "cgi",
            "harakiri",
            "hash",
            "ldapauth",
            "metricinc",
            "radius",
            "redis",
            "rpc",
            "signal",
            "spnego",
            "ssi",
            "xslt");

    private UnknownWord() {}

    static String action(String name, Collection<String> known) {
        String why = NOT_OFFERED.get(name);
        if (why != null) {
            return why;
        }
        return OF_UWSGI.contains(name) ? ELSEWHERE : among(name, known);
    }

    /** Returns the words that are like {@code name}, or all of them. */
    static String among(String name, Collection<String> known) {
        List<String> near = known.stream()
                .filter(word -> distance(name, word) <= Math.max(1, word.length() / 3))
                .sorted(Comparator.comparingInt((String word) -> distance(name, word))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(3)
                .toList();
        return near.isEmpty()
                ? " is unknown (expected: one of "
                        + String.join(", ", known.stream().sorted().toList()) + ")"
                : " is unknown (did you mean " + String.join(" or ", near) + "?)";
    }

    /** Returns how many letters must be added, removed or replaced to make one word of the other. */
    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.length()];
    }
}
