package io.juwsgi.cache;

import io.juwsgi.cache.rule.Normalisation;
import io.juwsgi.cache.store.CacheKey;
import io.juwsgi.cache.store.ResponseStore;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What makes the cache forget. Thread-safe. */
final class Purges {
    private final ResponseStore store;
    private final @Nullable SharedStore shared;
    private final Normalisation normalisation;
    private final Counters counters;

    Purges(ResponseStore store, @Nullable SharedStore shared, Normalisation normalisation, Counters counters) {
        this.store = store;
        this.shared = shared;
        this.normalisation = normalisation;
        this.counters = counters;
    }

    /** A resource was changed. */
    void changed(CacheKey key) {
        key(key);
    }

    /** Groups of an origin were changed (RFC 9875 section 3). */
    void groups(CacheKey origin, Set<String> groups) {
        if (!groups.isEmpty()) {
            store.forgetAll((key, response) -> key.sameOrigin(origin) && response.isInGroup(groups));
            if (shared != null) {
                groups.forEach(group -> shared.forgetGroup(origin, group));
            }
        }
    }

    /** Forgets one key; returns how many responses. */
    int key(CacheKey key) {
        int count = store.invalidate(key) ? 1 : 0;
        if (shared != null) {
            shared.forget(key);
        }
        return count;
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
        return purged(key(key));
    }

    /** Forgets everything whose URL begins in a way, such as {@code http://example.org/img/}. */
    int prefix(String prefix) {
        int count = store.forgetAll((key, response) -> key.url().startsWith(prefix));
        if (shared != null) {
            shared.forgetPrefix(prefix);
        }
        return purged(count);
    }

    /** Forgets everything that has a tag. */
    int tag(String tag) {
        int count = store.forgetAll((key, response) -> response.hasTag(tag));
        if (shared != null && !tag.isEmpty()) {
            shared.forgetTag(tag);
        }
        return purged(count);
    }

    /** Forgets everything. */
    int all() {
        int count = store.forgetAll((key, response) -> true);
        if (shared != null) {
            shared.forgetAll();
        }
        return purged(count);
    }

    /** Counts what was purged, and returns it. */
    int purged(int count) {
        counters.purged.add(count);
        return count;
    }
}
