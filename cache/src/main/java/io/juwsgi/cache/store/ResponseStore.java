package io.juwsgi.cache.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy.Eviction;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
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
    private final Cache<CacheKey, Variants> files;
    private final Eviction<CacheKey, Variants> filesEviction;
    private volatile @Nullable DiskStore disk;

    /** Makes an empty one. */
    public ResponseStore(long bytes) {
        // Maintenance is short: it is done by the thread that stores, not by a pool of threads.
        responses = Caffeine.newBuilder()
                .executor(Runnable::run)
                .maximumWeight(bytes)
                .evictionListener((key, variants, cause) -> evictions.increment())
                .weigher((CacheKey key, Variants variants) ->
                        (int) Math.min(key.weight() + variants.weight(), Integer.MAX_VALUE))
                .build();
        eviction = responses.policy().eviction().orElseThrow();
        files = Caffeine.newBuilder()
                .executor(Runnable::run)
                .maximumWeight(0)
                .evictionListener(this::evicted)
                .weigher((CacheKey key, Variants variants) -> variants.fileKilobytes())
                .build();
        filesEviction = files.policy().eviction().orElseThrow();
    }

    private void evicted(@Nullable CacheKey key, @Nullable Variants variants, RemovalCause cause) {
        evictions.increment();
        delete(variants, null);
    }

    /** Takes what is too large for memory into files from now on, null into nothing. */
    public void disk(@Nullable DiskStore store, long bytes) {
        disk = store;
        filesEviction.setMaximum(bytes / 1024);
    }

    /** Takes a response that was found in a file, unless there is a newer one. */
    public void found(EntryCodec.Entry entry) {
        StoredResponse response = entry.response();
        Variants[] before = {null};
        Variants now = files.asMap().compute(entry.key(), (same, present) -> {
            before[0] = present;
            if (present == null) {
                return new Variants(List.of(response));
            }
            return present.responses().stream().anyMatch(older -> isNotOlder(older, response))
                    ? present
                    : present.with(response);
        });
        delete(before[0], now);
        delete(new Variants(List.of(response)), now);
    }

    private static boolean isNotOlder(StoredResponse one, StoredResponse found) {
        return one.variation().equals(found.variation())
                && one.freshness().responseMillis() >= found.freshness().responseMillis();
    }

    /** Deletes the files of responses that are not stored any more; one with a new head may have the file of an older one. */
    private void delete(@Nullable Variants before, @Nullable Variants after) {
        DiskStore store = disk;
        if (before == null || store == null) {
            return;
        }
        for (StoredResponse response : before.responses()) {
            if (after == null || !after.hasBody(response.body())) {
                store.delete(response);
            }
        }
    }

    /** Returns what is stored under a key, or null. */
    public @Nullable Variants get(CacheKey key) {
        Variants inMemory = responses.getIfPresent(key);
        // Nobody pays for files who has none.
        Variants inFiles = disk == null ? null : files.getIfPresent(key);
        if (inFiles == null) {
            return inMemory;
        }
        return inMemory == null ? inFiles : inMemory.and(inFiles);
    }

    /** Returns what {@link #put} wants to know of the time when a request was passed on. */
    public long generation(CacheKey key) {
        return ((long) epoch.get() << 32) | (generations.get(slot(key)) & 0xffffffffL);
    }

    /** Stores a response, unless its key was invalidated since {@code generation}; returns whether it is stored. */
    public boolean put(CacheKey key, StoredResponse response, long generation) {
        boolean inFile = response.body() instanceof Body.InFile;
        Variants[] before = {null};
        Variants now = (inFile ? files : responses).asMap().compute(key, (same, present) -> {
            before[0] = present;
            if (generation(key) != generation) {
                return present;
            }
            return present == null ? new Variants(List.of(response)) : present.with(response);
        });
        boolean stored = now != null && now.responses().contains(response);
        if (inFile) {
            delete(before[0], now);
            delete(stored ? null : new Variants(List.of(response)), now);
        }
        if (stored) {
            // What is in the other place was chosen in the same way and is older.
            remove(inFile ? responses : files, key, older -> older.variation().equals(response.variation()));
        }
        return stored;
    }

    /** Forgets everything under a key, and what is on the way to it; returns whether there was something. */
    public boolean invalidate(CacheKey key) {
        generations.incrementAndGet(slot(key));
        Variants onDisk = disk == null ? null : files.asMap().remove(key);
        delete(onDisk, null);
        return responses.asMap().remove(key) != null || onDisk != null;
    }

    /**
     * Takes everything under a key for stale from now on, and stores nothing that is on the way to it; returns whether there
     * was something.
     */
    public boolean expire(CacheKey key, long nowMillis) {
        generations.incrementAndGet(slot(key));
        return expire(responses, key, response -> true, nowMillis) + expire(files, key, response -> true, nowMillis)
                > 0;
    }

    /** Takes all responses of which something is true for stale, as {@link #forgetAll} forgets them; returns how many. */
    public int expireAll(BiPredicate<CacheKey, StoredResponse> which, long nowMillis) {
        epoch.incrementAndGet();
        int count = 0;
        for (Cache<CacheKey, Variants> from : List.of(responses, files)) {
            for (CacheKey key : from.asMap().keySet()) {
                count += expire(from, key, response -> which.test(key, response), nowMillis);
            }
        }
        return count;
    }

    private int expire(Cache<CacheKey, Variants> from, CacheKey key, Predicate<StoredResponse> which, long nowMillis) {
        List<StoredResponse> expired = new ArrayList<>();
        from.asMap().computeIfPresent(key, (same, present) -> {
            expired.clear();
            return present.each(response -> {
                StoredResponse now = which.test(response) ? response.expiredAt(nowMillis) : response;
                if (!now.equals(response)) {
                    expired.add(now);
                }
                return now;
            });
        });
        DiskStore store = disk;
        if (store != null) {
            expired.forEach(store::expired);
        }
        return expired.size();
    }

    /** Forgets one response, if it is still stored. */
    public void forget(CacheKey key, StoredResponse response) {
        remove(responses, key, response::equals);
        remove(files, key, response::equals);
    }

    private void remove(Cache<CacheKey, Variants> from, CacheKey key, Predicate<StoredResponse> gone) {
        Variants[] both = {null, null};
        from.asMap().computeIfPresent(key, (same, present) -> {
            both[0] = present;
            both[1] = present.without(gone);
            return both[1];
        });
        delete(both[0], both[1]);
    }

    /**
     * Forgets all responses of which something is true, and whatever is on the way; returns how many there were. It looks at
     * every response: some 20 ms for 100,000 of them, on the caller's thread.
     */
    public int forgetAll(BiPredicate<CacheKey, StoredResponse> gone) {
        epoch.incrementAndGet();
        return forgetAll(responses, gone) + forgetAll(files, gone);
    }

    private int forgetAll(Cache<CacheKey, Variants> from, BiPredicate<CacheKey, StoredResponse> gone) {
        int count = 0;
        for (Map.Entry<CacheKey, Variants> entry : from.asMap().entrySet()) {
            CacheKey key = entry.getKey();
            int here = (int) entry.getValue().responses().stream()
                    .filter(response -> gone.test(key, response))
                    .count();
            if (here > 0) {
                remove(from, key, response -> gone.test(key, response));
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
        return responses.estimatedSize() + files.estimatedSize();
    }

    /** Returns about how many bytes they take. */
    public long bytes() {
        return eviction.weightedSize().orElse(0);
    }

    /** Returns about how many bytes of files there are. */
    public long fileBytes() {
        return filesEviction.weightedSize().orElse(0) * 1024;
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
