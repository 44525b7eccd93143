package io.juwsgi.cache;

import java.util.List;
import java.util.Map;

/** What an operator may ask of the cache: {@code juwsgi ctl cache ...}. Thread-safe. */
final class CacheControls {
    static final String USAGE =
            "stats | purge URL | purge-prefix URL-PREFIX | purge-tag TAG | purge-all: the HTTP cache's counts, and what it is to forget";

    private final HttpCache cache;

    CacheControls(HttpCache cache) {
        this.cache = cache;
    }

    Map<String, ?> control(List<String> arguments) {
        String what = arguments.isEmpty() ? "stats" : arguments.getFirst();
        return switch (what) {
            case "stats" -> cache.counters().report(cache.store(), cache.fillMemory());
            case "purge-all" -> purged(cache.purges().all());
            case "purge" -> purged(cache.purges().url(argument(arguments)));
            case "purge-prefix" -> purged(cache.purges().prefix(argument(arguments)));
            case "purge-tag" -> purged(cache.purges().tag(argument(arguments)));
            default -> throw new IllegalArgumentException("cache: " + what + " (expected: " + USAGE + ")");
        };
    }

    private static String argument(List<String> arguments) {
        if (arguments.size() != 2) {
            throw new IllegalArgumentException(
                    "cache " + arguments.getFirst() + ": " + (arguments.size() - 1) + " arguments (expected: 1)");
        }
        return arguments.get(1);
    }

    private static Map<String, ?> purged(int count) {
        return Map.of("purged", count);
    }
}
