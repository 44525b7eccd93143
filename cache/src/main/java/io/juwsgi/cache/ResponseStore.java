package io.juwsgi.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * The stored responses, bounded by bytes. Thread-safe.
 *
 * <p>A response that was asked for before its key was invalidated may be older than what invalidated it, so it is not
 * stored. That is what generations are for: a fill remembers its key's when it begins, and invalidation counts it up.
 * Keys share the counters; a collision costs no more than a response that is not stored.
 */
final class ResponseStore {
    private static final int GENERATIONS = 1024;

    private final AtomicIntegerArray generations = new AtomicIntegerArray(GENERATIONS);
    private final Cache<CacheKey, Variants> responses;

    ResponseStore(long bytes) {
        // Maintenance is short: it is done by the thread that stores, not by a pool of threads.
        responses = Caffeine.newBuilder()
                .executor(Runnable::run)
                .maximumWeight(bytes)
                .weigher((CacheKey key, Variants variants) ->
                        (int) Math.min(key.weight() + variants.weight(), Integer.MAX_VALUE))
                .build();
    }

    @Nullable
    Variants get(CacheKey key) {
        return responses.getIfPresent(key);
    }

    /** Returns what {@link #put} wants to know of the time when a request was passed on. */
    int generation(CacheKey key) {
        return generations.get(slot(key));
    }

    /** Stores a response, unless its key was invalidated since {@code generation}. */
    void put(CacheKey key, StoredResponse response, int generation) {
        responses.asMap().compute(key, (same, present) -> {
            if (generations.get(slot(key)) != generation) {
                return present;
            }
            return present == null ? new Variants(List.of(response)) : present.with(response);
        });
    }

    /** Forgets everything under a key, and what is on the way to it. */
    void invalidate(CacheKey key) {
        generations.incrementAndGet(slot(key));
        responses.invalidate(key);
    }

    /** Changes how many bytes may be stored; what is too much goes. */
    void resize(long bytes) {
        responses.policy().eviction().orElseThrow().setMaximum(bytes);
    }

    private static int slot(CacheKey key) {
        int hash = key.hashCode();
        return (hash ^ (hash >>> 16)) & (GENERATIONS - 1);
    }
}
