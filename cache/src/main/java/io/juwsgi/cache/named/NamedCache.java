package io.juwsgi.cache.named;

import io.juwsgi.cache.named.CacheSpec.Trait;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * One named cache: keys and values of bytes, with uWSGI's limits. Thread-safe: every method takes the one lock for about a
 * microsecond, but for those that look at all items.
 *
 * <p>An item that has expired is never found; the sweeper takes it away. Keys and values are nobody else's to change.
 */
final class NamedCache {
    private static final System.Logger LOG = System.getLogger(NamedCache.class.getName());
    private static final long FULL_NOTICE_MILLIS = 60_000;

    /** Hears of changes, with the cache's lock held: it must return at once. */
    interface Listener {
        void changed(Bytes key);

        void cleared();
    }

    /**
     * A value.
     *
     * @param expires when, in milliseconds since 1970; 0 for never
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Item(byte[] value, long expires) {
        boolean expired(long now) {
            return expires != 0 && expires <= now;
        }
    }

    private record Expiry(long when, Bytes key) {}

    private final InstantSource clock;
    private CacheSpec spec;
    private Map<Bytes, Item> items;
    private PriorityQueue<Expiry> expiries = expiries();
    private @Nullable Listener listener;
    private long usedBlocks;
    private long bytes;
    private long hits;
    private long misses;
    private long full;
    private long fullNoticed = Long.MIN_VALUE / 2;
    private long lastModified;

    NamedCache(CacheSpec spec, InstantSource clock) {
        this.spec = spec;
        this.clock = clock;
        this.items = map(spec);
    }

    private static Map<Bytes, Item> map(CacheSpec spec) {
        return new LinkedHashMap<>(16, 0.75f, spec.is(Trait.PURGE_LRU));
    }

    private static PriorityQueue<Expiry> expiries() {
        return new PriorityQueue<>(Comparator.comparingLong(Expiry::when));
    }

    /** Takes other limits; what goes beyond them goes, the oldest first. */
    synchronized void reconfigure(CacheSpec wanted) {
        if (wanted.equals(spec)) {
            return;
        }
        Map<Bytes, Item> before = items;
        spec = wanted;
        items = map(wanted);
        usedBlocks = 0;
        bytes = 0;
        before.forEach((key, item) -> {
            if (fits(key, item.value())) {
                store(key, item);
            } else {
                tell(key);
            }
        });
        while (isOver(0, 0)) {
            removeOldest(null);
        }
    }

    synchronized CacheSpec spec() {
        return spec;
    }

    synchronized void listen(@Nullable Listener newListener) {
        listener = newListener;
    }

    /** Returns the value of a key, or null. */
    synchronized byte @Nullable [] get(Bytes key) {
        Item item = live(key);
        if (item == null) {
            misses++;
            return null;
        }
        hits++;
        return item.value();
    }

    /** Returns the item of a key, or null; counts as {@link #get} does. */
    synchronized @Nullable Item found(Bytes key) {
        return get(key) == null ? null : items.get(key);
    }

    synchronized boolean exists(Bytes key) {
        return live(key) != null;
    }

    /** Returns the item of a key as it is kept, or null; counts nothing. */
    synchronized @Nullable Item item(Bytes key) {
        return live(key);
    }

    /**
     * Stores a value.
     *
     * @param seconds after which it expires, 0 or less for never
     * @param replace whether a value that is there may be replaced
     * @return whether it was stored: not when the key is there, and not when there is no room
     */
    synchronized boolean put(Bytes key, byte[] value, long seconds, boolean replace) {
        long expires =
                seconds <= 0 || spec.is(Trait.NO_EXPIRE) ? 0 : clock.millis() + Math.min(seconds, 1L << 40) * 1000;
        return put(key, new Item(value, expires), replace);
    }

    /** Stores an item in the same way. */
    synchronized boolean put(Bytes key, Item item, boolean replace) {
        Item old = live(key);
        if (!fits(key, item.value()) || (old != null && !replace) || !makeRoom(key, old, item)) {
            return false;
        }
        store(key, item);
        modified(key);
        return true;
    }

    private boolean fits(Bytes key, byte[] value) {
        int length = key.array().length;
        return length > 0 && length <= spec.keySize() && value.length > 0 && value.length <= spec.longest();
    }

    private void store(Bytes key, Item item) {
        Item old = items.put(key, item);
        if (old != null) {
            usedBlocks -= spec.blocksFor(old.value().length);
            bytes -= old.value().length;
        }
        usedBlocks += spec.blocksFor(item.value().length);
        bytes += item.value().length;
        if (item.expires() != 0) {
            expiries.add(new Expiry(item.expires(), key));
            forgetOldExpiries();
        }
    }

    /** Each change of an item's time leaves an entry behind: more of those than items are made new. */
    private void forgetOldExpiries() {
        if (expiries.size() > 2 * items.size() + 64) {
            PriorityQueue<Expiry> fresh = expiries();
            items.forEach((key, item) -> {
                if (item.expires() != 0) {
                    fresh.add(new Expiry(item.expires(), key));
                }
            });
            expiries = fresh;
        }
    }

    private @Nullable Item live(Bytes key) {
        Item item = items.get(key);
        if (item != null && item.expired(clock.millis())) {
            drop(key);
            return null;
        }
        return item;
    }

    // ---- room

    private boolean makeRoom(Bytes key, @Nullable Item old, Item item) {
        int oneMore = old == null ? 1 : 0;
        long more = spec.blocksFor(item.value().length) - (old == null ? 0 : spec.blocksFor(old.value().length));
        if (isOver(oneMore, more) && spec.is(Trait.SWEEP_ON_FULL)) {
            sweep();
        }
        while (isOver(oneMore, more) && spec.is(Trait.PURGE_LRU) && removeOldest(key)) {
            // One after the other, until there is room.
        }
        if (isOver(oneMore, more) && spec.is(Trait.CLEAR_ON_FULL)) {
            clear();
            return true;
        }
        if (isOver(oneMore, more)) {
            full++;
            noticeFull();
            return false;
        }
        return true;
    }

    /** Place 0 is uWSGI's own, so there is one key less than items. */
    private boolean isOver(int moreItems, long moreBlocks) {
        return items.size() + moreItems > spec.items() - 1 || usedBlocks + moreBlocks > spec.blocks();
    }

    /** Removes what was not used, or else not stored, for the longest time; false when there is nothing but {@code but}. */
    private boolean removeOldest(@Nullable Bytes but) {
        for (Bytes key : items.keySet()) {
            if (but == null || !key.equals(but)) {
                drop(key);
                return true;
            }
        }
        return false;
    }

    private void noticeFull() {
        long now = clock.millis();
        if (!spec.is(Trait.IGNORE_FULL) && now - fullNoticed >= FULL_NOTICE_MILLIS) {
            fullNoticed = now;
            LOG.log(
                    Level.WARNING,
                    "cache=" + spec.name() + " is full: items=" + items.size() + " blocks=" + usedBlocks
                            + " (give it more items or blocks, or purge_lru=1)");
        }
    }

    // ---- the rest

    synchronized boolean remove(Bytes key) {
        if (live(key) == null) {
            return false;
        }
        drop(key);
        return true;
    }

    private void drop(Bytes key) {
        Item old = items.remove(key);
        if (old != null) {
            usedBlocks -= spec.blocksFor(old.value().length);
            bytes -= old.value().length;
            modified(key);
        }
    }

    synchronized void clear() {
        items.clear();
        expiries.clear();
        usedBlocks = 0;
        bytes = 0;
        lastModified = clock.millis();
        if (listener != null) {
            listener.cleared();
        }
    }

    /**
     * Changes the number under a key; a key that is not there begins with the cache's {@code math_initial}.
     *
     * @param seconds after which a key expires that was not there
     * @return whether that was done: not when there is no room, or by a division by 0
     */
    synchronized boolean calculate(Bytes key, Arithmetic operation, long operand, long seconds) {
        if (operation == Arithmetic.DIV && operand == 0) {
            return false;
        }
        Item old = live(key);
        long before = old == null ? spec.mathInitial() : Arithmetic.number(old.value());
        byte[] value = Arithmetic.bytes(operation.of(before, operand));
        return old == null ? put(key, value, seconds, true) : put(key, new Item(value, old.expires()), true);
    }

    /** Returns the number under a key, 0 when there is none or the value is no number. */
    synchronized long number(Bytes key) {
        byte[] value = get(key);
        return value == null || value.length != Long.BYTES ? 0 : Arithmetic.number(value);
    }

    synchronized List<Bytes> keys() {
        long now = clock.millis();
        List<Bytes> keys = new ArrayList<>(items.size());
        for (Map.Entry<Bytes, Item> entry : items.entrySet()) {
            if (!entry.getValue().expired(now)) {
                keys.add(entry.getKey());
            }
        }
        return keys;
    }

    /** Removes what has expired; returns how many items those were. */
    synchronized int sweep() {
        if (spec.is(Trait.NO_EXPIRE)) {
            return 0;
        }
        long now = clock.millis();
        int swept = 0;
        while (!expiries.isEmpty() && expiries.peek().when() <= now) {
            Bytes key = expiries.remove().key();
            Item item = items.get(key);
            if (item != null && item.expired(now)) {
                drop(key);
                swept++;
            }
        }
        return swept;
    }

    private void modified(Bytes key) {
        lastModified = clock.millis();
        tell(key);
    }

    private void tell(Bytes key) {
        if (listener != null) {
            listener.changed(key);
        }
    }

    synchronized CacheStats stats() {
        return new CacheStats(spec, items.size(), usedBlocks, bytes, hits, misses, full, lastModified / 1000);
    }
}
