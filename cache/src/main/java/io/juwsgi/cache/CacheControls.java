package io.juwsgi.cache;

import java.util.List;
import java.util.Map;

/** What an operator may ask of the cache: {@code juwsgi ctl cache ...}. Thread-safe. */
final class CacheControls {
    static final String USAGE =
            "stats | purge URL | purge-prefix URL-PREFIX | purge-tag TAG | purge-all: the HTTP cache's counts, and what it is to forget, with --soft to take for stale";

    private static final String SOFT = "--soft";

    private final HttpCache cache;

    CacheControls(HttpCache cache) {
        this.cache = cache;
    }

    Map<String, ?> control(List<String> arguments) {
        String what = arguments.isEmpty() ? "stats" : arguments.getFirst();
        List<String> rest = arguments.stream()
                .skip(1)
                .filter(argument -> !argument.equals(SOFT))
                .toList();
        boolean soft = rest.size() < arguments.size() - 1;
        return switch (what) {
            case "stats" -> cache.counters().report(cache.store(), cache.fillMemory());
            case "purge-all" -> purged(cache.purges().all(soft), soft);
            case "purge" -> purged(cache.purges().url(argument(what, rest), soft), soft);
            case "purge-prefix" -> purged(cache.purges().prefix(argument(what, rest), soft), soft);
            case "purge-tag" -> purged(cache.purges().tag(argument(what, rest), soft), soft);
            default -> throw new IllegalArgumentException("cache: " + what + " (expected: " + USAGE + ")");
        };
    }

    private static String argument(String what, List<String> rest) {
        if (rest.size() != 1) {
            throw new IllegalArgumentException("cache " + what + ": " + rest.size() + " arguments (expected: 1)");
        }
        return rest.getFirst();
    }

    private static Map<String, ?> purged(int count, boolean soft) {
        return Map.of(soft ? "marked-stale" : "purged", count);
    }
}
