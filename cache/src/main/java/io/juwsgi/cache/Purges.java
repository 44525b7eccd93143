package io.juwsgi.cache;

import io.juwsgi.cache.rule.Normalisation;
import io.juwsgi.cache.store.CacheKey;
import io.juwsgi.cache.store.ResponseStore;
import java.util.Set;

/** What makes the cache forget. Thread-safe. */
final class Purges {
    private final ResponseStore store;
    private final Normalisation normalisation;
    private final Counters counters;

    Purges(ResponseStore store, Normalisation normalisation, Counters counters) {
        this.store = store;
        this.normalisation = normalisation;
        this.counters = counters;
    }

    /** A resource was changed. */
    void changed(CacheKey key) {
        store.invalidate(key);
    }

    /** Groups of an origin were changed (RFC 9875 section 3). */
    void groups(CacheKey origin, Set<String> groups) {
        if (!groups.isEmpty()) {
            store.forgetAll((key, response) -> key.sameOrigin(origin) && response.isInGroup(groups));
        }
    }

    /** Forgets one key; returns how many responses. */
    int key(CacheKey key) {
        return purged(store.invalidate(key) ? 1 : 0);
    }

    /**
     * Forgets what is stored under a URL.
     *
     * @throws IllegalArgumentException when it is none
     */
    int url(String url) {
        CacheKey key = CacheKey.of(url, normalisation);
        if (key == null) {
            throw new IllegalArgumentException("url: " + url + " (expected: such as http://example.org/page?id=1)");
        }
        // The scheme and the host of a URL that an operator writes are those that clients use.
        return key(key);
    }

    /** Forgets everything whose URL begins in a way, such as {@code http://example.org/img/}. */
    int prefix(String prefix) {
        return purged(store.forgetAll((key, response) -> key.url().startsWith(prefix)));
    }

    /** Forgets everything that has a tag. */
    int tag(String tag) {
        return purged(store.forgetAll((key, response) -> response.hasTag(tag)));
    }

    /** Forgets everything. */
    int all() {
        return purged(store.forgetAll((key, response) -> true));
    }

    private int purged(int count) {
        counters.purged.add(count);
        return count;
    }
}
