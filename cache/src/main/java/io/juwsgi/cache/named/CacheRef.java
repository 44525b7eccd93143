package io.juwsgi.cache.named;

import org.jspecify.annotations.Nullable;

/**
 * The named caches of the running server, for what is compiled before they are made: words of routes, filters. Any thread may
 * use it.
 */
public final class CacheRef {
    private volatile @Nullable CacheSet caches;

    /** Makes a reference to no caches yet. */
    public CacheRef() {}

    void set(CacheSet now) {
        caches = now;
    }

    /** Returns a cache, the first one when {@code name} is empty; null when there is none. */
    @Nullable
    NamedCache find(String name) {
        CacheSet now = caches;
        return now == null ? null : now.find(name);
    }
}
