package io.juwsgi.config;

import java.util.Collection;
import java.util.Optional;

/** Finds the name that was probably meant: for messages about a name that nothing has. */
public final class Suggestions {
    private static final int LONGEST = 64;

    private Suggestions() {}

    /** Returns the closest of {@code names}: at most one edit in three letters away, or a longer or shorter form. */
    public static Optional<String> closest(String wrong, Collection<String> names) {
        String name = wrong.replace('_', '-');
        if (name.length() < 2 || name.length() > LONGEST) {
            return Optional.empty();
        }
        String best = null;
        int fewest = Math.max(1, Math.min(3, name.length() / 3)) + 1;
        for (String candidate : names) {
            if (Math.abs(candidate.length() - name.length()) < fewest) {
                int edits = distance(name, candidate);
                if (edits < fewest) {
                    fewest = edits;
                    best = candidate;
                }
            }
        }
        return best != null ? Optional.of(best) : longerOrShorter(name, names);
    }

    private static Optional<String> longerOrShorter(String name, Collection<String> names) {
        if (name.length() < 4) {
            return Optional.empty();
        }
        return names.stream()
                .filter(n -> n.startsWith(name) || (n.length() > 4 && name.startsWith(n + "-")))
                .min((a, b) ->
                        Integer.compare(Math.abs(a.length() - name.length()), Math.abs(b.length() - name.length())));
    }

    /** The number of letters to insert, remove, replace or swap with their neighbour. */
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
