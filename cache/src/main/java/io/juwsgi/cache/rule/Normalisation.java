package io.juwsgi.cache.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * What the operator says makes no difference between requests. The application still sees everything.
 *
 * @param ignored names of query parameters, with a {@code *} at the end for all that begin so
 * @param sorted whether the order of query parameters counts
 * @param cookies the cookies that count where a response varies by Cookie; all of them when empty
 */
public record Normalisation(List<String> ignored, boolean sorted, List<String> cookies) {
    /** Everything makes a difference. */
    public static final Normalisation NONE = new Normalisation(List.of(), false, List.of());

    private static final Comparator<String> BY_NAME = Comparator.comparing(Normalisation::nameOf);

    public Normalisation {
        ignored = List.copyOf(ignored);
        cookies = List.copyOf(cookies);
    }

    /** Returns a query as it counts in a key. */
    public String query(String query) {
        if (query.isEmpty() || (ignored.isEmpty() && !sorted)) {
            return query;
        }
        return query(query, this::isIgnored, sorted);
    }

    /**
     * Returns a query without some of its parameters. A parameter with a semicolon or a percent sign in its name stays: there
     * are applications that read another name out of it.
     */
    static String query(String query, Predicate<String> without, boolean sorted) {
        List<String> kept = new ArrayList<>();
        for (String parameter : query.split("&", -1)) {
            String name = nameOf(parameter);
            boolean plain = parameter.indexOf(';') < 0 && name.indexOf('%') < 0 && name.indexOf('+') < 0;
            if (!plain || !without.test(name)) {
                kept.add(parameter);
            }
        }
        if (sorted) {
            // Stable: which of two parameters with one name comes first may matter.
            kept.sort(BY_NAME);
        }
        return String.join("&", kept);
    }

    private static String nameOf(String parameter) {
        int equals = parameter.indexOf('=');
        return equals < 0 ? parameter : parameter.substring(0, equals);
    }

    private boolean isIgnored(String name) {
        for (String pattern : ignored) {
            boolean open = pattern.endsWith("*");
            if (open ? name.startsWith(pattern.substring(0, pattern.length() - 1)) : name.equals(pattern)) {
                return true;
            }
        }
        return false;
    }

    /** Makes equal what means the same; only of fields whose members are tokens in any order and any case. */
    String field(String name, String value) {
        return switch (name) {
            case "accept-encoding", "accept-language", "accept-charset" -> {
                String[] members = value.toLowerCase(Locale.ROOT)
                        .replace(" ", "")
                        .replace("\t", "")
                        .split(",", -1);
                Arrays.sort(members);
                yield String.join(",", members);
            }
            case "cookie" -> cookies.isEmpty() ? value : cookies(value);
            default -> value;
        };
    }

    private String cookies(String value) {
        List<String> kept = new ArrayList<>();
        for (String cookie : value.split("[;,]", -1)) {
            String stripped = cookie.strip();
            if (cookies.contains(nameOf(stripped))) {
                kept.add(stripped);
            }
        }
        return String.join("; ", kept);
    }
}
