package io.juwsgi.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.juwsgi.cache.rule.SearchVariation;
import io.juwsgi.cache.store.CacheKey;
import io.juwsgi.spi.exchange.Fields;

/**
 * What responses have said of the queries of their paths. A response is stored under its own query; what it says holds for
 * requests after it, so that a rule never changes the key that a request is under way with. Thread-safe.
 */
final class SearchRules {
    private static final int REMEMBERED = 20_000;

    private record Place(String scheme, String host, String path) {
        static Place of(CacheKey key) {
            return new Place(key.scheme(), key.host(), key.path());
        }
    }

    private final Cache<Place, SearchVariation> rules = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumSize(REMEMBERED)
            .build();

    /** Returns a key as it counts by now. */
    CacheKey applied(CacheKey key) {
        SearchVariation rule = key.query().isEmpty() ? null : rules.getIfPresent(Place.of(key));
        if (rule == null) {
            return key;
        }
        String counted = rule.query(key.query());
        return counted.equals(key.query()) ? key : key.withQuery(counted);
    }

    /** Takes what a response says. */
    void learn(CacheKey key, Fields response) {
        Place place = Place.of(key);
        SearchVariation told = SearchVariation.of(response.all("no-vary-search"));
        SearchVariation known = rules.getIfPresent(place);
        if (told == null && known != null) {
            rules.invalidate(place);
        } else if (told != null && !told.equals(known)) {
            rules.put(place, told);
        }
    }
}
