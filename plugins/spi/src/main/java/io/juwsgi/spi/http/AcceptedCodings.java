package io.juwsgi.spi.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an Accept-Encoding field allows (RFC 9110 section 12.5.3). Fuzz target: AcceptedCodingsFuzzTest. */
public final class AcceptedCodings {
    /** A longer field is no browser's; it is read up to here. */
    private static final int MAX_LENGTH = 1024;

    private AcceptedCodings() {}

    /**
     * Returns the coding that the client likes best, the first of equal ones.
     *
     * @param field the field's value; null when the request has none
     * @param offered the codings that there are, the best first, without {@code identity}
     * @return null for no coding at all: the client prefers that, or takes none of {@code offered}
     */
    public static @Nullable String best(@Nullable String field, List<String> offered) {
        if (field == null || field.isEmpty()) {
            return null;
        }
        String best = null;
        int bestWeight = 0;
        for (int i = 0; i < offered.size(); i++) {
            int weight = weight(field, offered.get(i));
            if (weight > bestWeight) {
                best = offered.get(i);
                bestWeight = weight;
            }
        }
        // What is not named is taken for as good as anything, unless it is named with a weight of its own.
        return bestWeight < named(field, "identity") ? null : best;
    }

    /** Returns whether the client takes a coding. */
    public static boolean accepts(@Nullable String field, String coding) {
        return field != null && weight(field, coding) > 0;
    }

    /** Returns the weight of a coding in thousandths, that of {@code *} when it is not named. */
    private static int weight(String field, String coding) {
        int weight = named(field, coding);
        return weight >= 0 ? weight : Math.max(0, named(field, "*"));
    }

    /** Returns the weight of a coding that is named, in thousandths; -1 when it is not. */
    private static int named(String field, String coding) {
        int limit = Math.min(field.length(), MAX_LENGTH);
        int start = 0;
        while (start < limit) {
            int comma = field.indexOf(',', start);
            int end = comma < 0 || comma > limit ? limit : comma;
            int from = start;
            while (from < end && isSpace(field.charAt(from))) {
                from++;
            }
            if (field.regionMatches(true, from, coding, 0, coding.length())) {
                int weight = quality(field, from + coding.length(), end);
                if (weight >= 0) {
                    return weight;
                }
            }
            start = end + 1;
        }
        return -1;
    }

    /** Returns the weight that follows a name; -1 when the name goes on instead. */
    private static int quality(String field, int from, int end) {
        int at = from;
        while (at < end && isSpace(field.charAt(at))) {
            at++;
        }
        if (at == end) {
            return 1000;
        }
        if (field.charAt(at) != ';') {
            return -1;
        }
        int q = field.indexOf('=', at);
        return q < 0 || q >= end
                ? 1000
                : thousandths(field.substring(q + 1, end).strip());
    }

    private static int thousandths(String text) {
        if (text.isEmpty() || text.length() > 5 || text.charAt(0) > '1' || text.charAt(0) < '0') {
            return 0;
        }
        int value = 0;
        for (int i = 0; i < 5; i++) {
            char c = i < text.length() ? text.charAt(i) : '0';
            if (i == 1) {
                if (i < text.length() && c != '.') {
                    return 0;
                }
            } else if (c < '0' || c > '9') {
                return 0;
            } else {
                value = value * 10 + (c - '0');
            }
        }
        return Math.min(value, 1000);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
