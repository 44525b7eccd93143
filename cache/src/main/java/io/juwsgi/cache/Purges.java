package io.juwsgi.cache;

import io.juwsgi.cache.store.CacheKey;
import io.juwsgi.cache.store.ResponseStore;
import io.juwsgi.cache.store.StoredResponse;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What makes the cache forget. A purge that is soft leaves responses there as stale ones: to be confirmed, and to stand in
 * while a new one is asked for or the application fails. Thread-safe.
 */
final class Purges {
    private final ResponseStore store;
    private final @Nullable SharedStore shared;
    private final Rules rules;
    private final InstantSource clock;
    private final Counters counters;

    Purges(ResponseStore store, @Nullable SharedStore shared, Rules rules, InstantSource clock, Counters counters) {
        this.store = store;
        this.shared = shared;
        this.rules = rules;
        this.clock = clock;
        this.counters = counters;
    }

    /** A resource was changed. */
    void changed(CacheKey key) {
        one(key, false);
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

    private boolean one(CacheKey key, boolean soft) {
        boolean found = soft ? store.expire(key, clock.millis()) : store.invalidate(key);
        if (shared != null) {
            shared.forget(key, soft);
        }
        return found;
    }

    private int all(BiPredicate<CacheKey, StoredResponse> which, boolean soft) {
        return counted(soft ? store.expireAll(which, clock.millis()) : store.forgetAll(which), soft);
    }

    private int counted(int count, boolean soft) {
        (soft ? counters.softPurged : counters.purged).add(count);
        return count;
    }

    /** Purges what is stored under a key; returns 1 when there was something. */
    int key(CacheKey key, boolean soft) {
        return counted(one(key, soft) ? 1 : 0, soft);
    }

    /**
     * Purges what is stored under a URL.
     *
     * @throws IllegalArgumentException when it is none
     */
    int url(String url, boolean soft) {
        CacheKey key = CacheKey.of(url);
        if (key == null) {
            throw new IllegalArgumentException("url: " + url + " (expected: such as http://example.org/page?id=1)");
        }
        return key(rules.counted(key), soft);
    }

    /** Purges everything whose URL begins in a way, such as {@code http://example.org/img/}. */
    int prefix(String prefix, boolean soft) {
        int count = all((key, response) -> key.url().startsWith(prefix), soft);
        if (shared != null) {
            shared.forgetPrefix(prefix, soft);
        }
        return count;
    }

    /** Purges everything that has a tag. */
    int tag(String tag, boolean soft) {
        int count = all((key, response) -> response.hasTag(tag), soft);
        if (shared != null && !tag.isEmpty()) {
            shared.forgetTag(tag, soft);
        }
        return count;
    }

    /** Purges everything. */
    int all(boolean soft) {
        int count = all((key, response) -> true, soft);
        if (shared != null) {
            shared.forgetAll(soft);
        }
        return count;
    }
}
