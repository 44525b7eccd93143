package io.juwsgi.cache.rule;

import io.juwsgi.spi.exchange.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The request fields that a response was chosen by, and what they said (RFC 9111 section 4.1). Immutable.
 *
 * @param names lower case, sorted
 * @param values of those fields in the request that was answered, null for one that was not there
 */
public record Variation(List<String> names, List<@Nullable String> values) {
    /** A response that is the same for everybody. */
    public static final Variation NONE = new Variation(List.of(), List.of());

    /** More fields than this are not told apart: such a response is not stored. */
    private static final int MOST = 32;

    /** Returns what a response's Vary says of its request, null when it says that nothing can be known. */
    public static @Nullable Variation of(Fields request, Fields response, Normalisation normalisation) {
        List<String> lists = response.all("vary");
        if (lists.isEmpty()) {
            return NONE;
        }
        TreeSet<String> names = new TreeSet<>(StoragePolicy.members(lists));
        return names.contains("*") || names.size() > MOST ? null : of(List.copyOf(names), request, normalisation);
    }

    /** Returns what a request says in these fields. */
    public static Variation of(List<String> names, Fields request, Normalisation normalisation) {
        if (names.isEmpty()) {
            return NONE;
        }
        List<@Nullable String> values = new ArrayList<>(names.size());
        for (String name : names) {
            values.add(value(request, name, normalisation));
        }
        return new Variation(names, values);
    }

    /** Returns whether a request says the same as the one that was answered. */
    public boolean matches(Fields request, Normalisation normalisation) {
        for (int i = 0; i < names.size(); i++) {
            String now = value(request, names.get(i), normalisation);
            String then = values.get(i);
            if (now == null ? then != null : !now.equals(then)) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String value(Fields request, String name, Normalisation normalisation) {
        String joined = null;
        for (int i = 0; i < request.size(); i++) {
            if (request.name(i).equalsIgnoreCase(name)) {
                joined = joined == null ? request.value(i) : joined + ", " + request.value(i);
            }
        }
        return joined == null ? null : normalisation.field(name, joined);
    }

    /** Returns about how many bytes this takes. */
    public int weight() {
        int weight = 0;
        for (int i = 0; i < names.size(); i++) {
            String value = values.get(i);
            weight += 64 + names.get(i).length() + (value == null ? 0 : value.length());
        }
        return weight;
    }
}
