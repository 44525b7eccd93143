package io.juwsgi.cache;

import io.juwsgi.spi.exchange.Fields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The request fields that a response was chosen by, and what they said (RFC 9111 section 4.1). Immutable.
 *
 * @param names lower case, sorted
 * @param values of those fields in the request that was answered, null for one that was not there
 */
record Variation(List<String> names, List<@Nullable String> values) {
    /** A response that is the same for everybody. */
    private static final Variation NONE = new Variation(List.of(), List.of());

    /** Returns what a response's Vary says of its request, null when it says that nothing can be known. */
    static @Nullable Variation of(Fields request, Fields response) {
        TreeSet<String> names = new TreeSet<>();
        for (String list : response.all("vary")) {
            for (String name : list.split(",", -1)) {
                if (!name.isBlank()) {
                    names.add(name.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        if (names.isEmpty()) {
            return NONE;
        }
        if (names.contains("*")) {
            return null;
        }
        List<@Nullable String> values = new ArrayList<>(names.size());
        for (String name : names) {
            values.add(value(request, name));
        }
        return new Variation(List.copyOf(names), values);
    }

    /** Returns whether a request says the same as the one that was answered. */
    boolean matches(Fields request) {
        for (int i = 0; i < names.size(); i++) {
            String now = value(request, names.get(i));
            String then = values.get(i);
            if (now == null ? then != null : !now.equals(then)) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String value(Fields request, String name) {
        String joined = null;
        for (int i = 0; i < request.size(); i++) {
            if (request.name(i).equalsIgnoreCase(name)) {
                joined = joined == null ? request.value(i) : joined + ", " + request.value(i);
            }
        }
        return joined == null ? null : normalised(name, joined);
    }

    /** Makes equal what means the same; only of fields whose members are tokens in any order and any case. */
    private static String normalised(String name, String value) {
        return switch (name) {
            case "accept-encoding", "accept-language", "accept-charset" -> {
                String[] members = value.toLowerCase(Locale.ROOT)
                        .replace(" ", "")
                        .replace("\t", "")
                        .split(",", -1);
                Arrays.sort(members);
                yield String.join(",", members);
            }
            default -> value;
        };
    }

    int weight() {
        int weight = 0;
        for (int i = 0; i < names.size(); i++) {
            String value = values.get(i);
            weight += 64 + names.get(i).length() + (value == null ? 0 : value.length());
        }
        return weight;
    }
}
