package io.juwsgi.cache.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy.Eviction;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The stored responses, bounded by bytes. Thread-safe.
 *
 * <p>A response that was asked for before its key was invalidated may be older than what invalidated it, so it is not
 * stored. That is what generations are for: a fill remembers its key's when it begins, and invalidation counts it up.
 * Keys share the counters; a collision costs no more than a response that is not stored. What concerns many keys, such as a
 * tag, counts up the epoch, which is part of every generation.
 */
public final class ResponseStore {
    private static final int GENERATIONS = 1024;

    private final AtomicInteger epoch = new AtomicInteger();
    private final AtomicIntegerArray generations = new AtomicIntegerArray(GENERATIONS);
    private final LongAdder evictions = new LongAdder();
    private final Cache<CacheKey, Variants> responses;
    private final Eviction<CacheKey, Variants> eviction;

    /** Makes an empty one. */
    public ResponseStore(long bytes) {
        // Maintenance is short: it is done by the thread that stores, not by a pool of threads.
        responses = Caffeine.newBuilder()
                .executor(Runnable::run)
                .maximumWeight(bytes)
                .weigher((CacheKey key, Variants variants) ->
                        (int) Math.min(key.weight() + variants.weight(), Integer.MAX_VALUE))
                .evictionListener((key, variants, cause) -> evictions.increment())
                .build();
        eviction = responses.policy().eviction().orElseThrow();
    }

    /** Returns what is stored under a key, or null. */
    public @Nullable Variants get(CacheKey key) {
        return responses.getIfPresent(key);
    }

    /** Returns what {@link #put} wants to know of the time when a request was passed on. */
    public long generation(CacheKey key) {
        return ((long) epoch.get() << 32) | (generations.get(slot(key)) & 0xffffffffL);
    }

    /** Stores a response, unless its key was invalidated since {@code generation}; returns whether it is stored. */
    public boolean put(CacheKey key, StoredResponse response, long generation) {
        Variants now = responses.asMap().compute(key, (same, present) -> {
            if (generation(key) != generation) {
                return present;
            }
            return present == null ? new Variants(List.of(response)) : present.with(response);
        });
        return now != null && now.responses().contains(response);
    }

    /** Forgets everything under a key, and what is on the way to it; returns whether there was something. */
    public boolean invalidate(CacheKey key) {
        generations.incrementAndGet(slot(key));
        return responses.asMap().remove(key) != null;
    }

    /** Forgets one response, if it is still stored. */
    public void forget(CacheKey key, StoredResponse response) {
        responses.asMap().computeIfPresent(key, (same, present) -> present.without(response::equals));
    }

    /**
     * Forgets all responses of which something is true, and whatever is on the way; returns how many there were. It looks at
     * every response: some 20 ms for 100,000 of them, on the caller's thread.
     */
    public int forgetAll(BiPredicate<CacheKey, StoredResponse> gone) {
        epoch.incrementAndGet();
        int count = 0;
        for (Map.Entry<CacheKey, Variants> entry : responses.asMap().entrySet()) {
            CacheKey key = entry.getKey();
            int here = (int) entry.getValue().responses().stream()
                    .filter(response -> gone.test(key, response))
                    .count();
            if (here > 0) {
                responses.asMap().computeIfPresent(key, (same, present) -> present.without(r -> gone.test(key, r)));
                count += here;
            }
        }
        return count;
    }

    /** Changes how many bytes may be stored; what is too much goes. */
    public void resize(long bytes) {
        eviction.setMaximum(bytes);
    }

    /** Returns about how many keys there are. */
    public long count() {
        return responses.estimatedSize();
    }

    /** Returns about how many bytes they take. */
    public long bytes() {
        return eviction.weightedSize().orElse(0);
    }

    /** Returns how many went because the room was used up. */
    public long evictions() {
        return evictions.sum();
    }

    private static int slot(CacheKey key) {
        int hash = key.hashCode();
        return (hash ^ (hash >>> 16)) & (GENERATIONS - 1);
    }
}
