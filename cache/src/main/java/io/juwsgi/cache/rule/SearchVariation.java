package io.juwsgi.cache.rule;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which query parameters a response does not depend on, as it says itself in No-Vary-Search
 * (draft-ietf-httpbis-no-vary-search).
 *
 * @param anyOrder whether their order makes no difference
 * @param allBut whether {@code names} are those that do make a difference, instead of those that do not
 */
public record SearchVariation(boolean anyOrder, boolean allBut, Set<String> names) {

    /** Reads the field; null when it is not there or not valid: then everything makes a difference. */
    public static @Nullable SearchVariation of(List<String> lines) {
        Map<String, Object> members = lines.isEmpty() ? null : StructuredFields.dictionary(String.join(",", lines));
        if (members == null) {
            return null;
        }
        Object order = members.getOrDefault("key-order", false);
        Object params = members.getOrDefault("params", false);
        Object except = members.get("except");
        if (!(order instanceof Boolean anyOrder)) {
            return null;
        }
        if (params instanceof Boolean all) {
            Set<String> but = except == null ? Set.of() : strings(except);
            boolean valid = all || except == null;
            return but != null && valid ? new SearchVariation(anyOrder, all, but) : null;
        }
        Set<String> named = except == null ? strings(params) : null;
        return named == null ? null : new SearchVariation(anyOrder, false, named);
    }

    private static @Nullable Set<String> strings(Object list) {
        if (!(list instanceof List<?> items)) {
            return null;
        }
        Set<String> all = new HashSet<>();
        for (Object item : items) {
            if (!(item instanceof String name)) {
                return null;
            }
            all.add(name);
        }
        return Set.copyOf(all);
    }

    /** Returns a query as it counts in a key. */
    public String query(String query) {
        return query.isEmpty() ? query : Normalisation.query(query, name -> names.contains(name) != allBut, anyOrder);
    }
}
