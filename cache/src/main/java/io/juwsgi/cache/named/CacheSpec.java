package io.juwsgi.cache.named;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.KeyValues;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a cache was asked to be.
 *
 * @param name its name
 * @param items one more than the keys that it holds: uWSGI keeps place 0 for itself
 * @param blockSize the longest value in bytes; with a bitmap the size of one of the blocks that values are made of
 * @param blocks how many blocks there are
 * @param keySize the longest key in bytes
 * @param traits what it does when
 * @param mathInitial where the arithmetic on a key begins that is not there
 * @param store the file that keeps its items, if any
 * @param storeSync seconds between two moments at which that file is on the disk for sure, 0 for none
 */
record CacheSpec(
        String name,
        int items,
        int blockSize,
        int blocks,
        int keySize,
        Set<Trait> traits,
        long mathInitial,
        Optional<Path> store,
        int storeSync) {
    static final int BLOCK_SIZE = 65_535;
    private static final int KEY_SIZE = 2048;
    private static final String DEFAULT = "default";
    private static final int MOST = 1 << 30;

    /** What a cache may do besides. */
    enum Trait {
        /** A value may take several blocks. */
        BITMAP,
        /** When there is no room, what was not used for the longest time goes. */
        PURGE_LRU,
        /** When there is no room, what has expired goes first. */
        SWEEP_ON_FULL,
        /** When there is no room, everything goes. */
        CLEAR_ON_FULL,
        /** When there is no room, the log says nothing. */
        IGNORE_FULL,
        /** Nothing expires. */
        NO_EXPIRE
    }

    /** The keys that uWSGI knows under several names, and those that say how it does what is done otherwise here. */
    private static final Map<String, String> SAME = Map.ofEntries(
            Map.entry("max_items", "items"),
            Map.entry("maxitems", "items"),
            Map.entry("key_size", "keysize"),
            Map.entry("hash_size", "hashsize"),
            Map.entry("lru", "purge_lru"),
            Map.entry("lazy", "lazy_expire"),
            Map.entry("node", "nodes"),
            Map.entry("udp_server", "udp"),
            Map.entry("udp_servers", "udp"),
            Map.entry("udpserver", "udp"),
            Map.entry("udpservers", "udp"));

    private static final Set<String> KNOWN = Set.of(
            "name",
            "items",
            "blocksize",
            "blocks",
            "hash",
            "hashsize",
            "keysize",
            "store",
            "store_sync",
            "store_delete",
            "nodes",
            "sync",
            "udp",
            "bitmap",
            "lastmod",
            "math_initial",
            "ignore_full",
            "purge_lru",
            "lazy_expire",
            "sweep_on_full",
            "clear_on_full",
            "no_expire");

    /** Keys that would copy items between servers. */
    static final Set<String> REPLICATION = Set.of("nodes", "sync", "udp");

    CacheSpec {
        traits = Set.copyOf(traits);
        if (items < 2 || items > MOST) {
            throw new IllegalArgumentException(
                    "items: " + items + " (expected: 2 to " + MOST + ", one more than keys)");
        }
        if (blockSize < 1 || blockSize > MOST) {
            throw new IllegalArgumentException("blocksize: " + blockSize + " (expected: 1 to " + MOST + ")");
        }
        if (blocks < items) {
            throw new IllegalArgumentException("blocks: " + blocks + " (expected: at least " + items + ", the items)");
        }
        if (keySize < 1 || keySize > 65_535) {
            throw new IllegalArgumentException("keysize: " + keySize + " (expected: 1 to 65535)");
        }
    }

    boolean is(Trait trait) {
        return traits.contains(trait);
    }

    /** Returns the longest value that a cache may take, in bytes. */
    long longest() {
        return is(Trait.BITMAP) ? (long) blockSize * blocks : blockSize;
    }

    /** Returns how many blocks a value of this many bytes takes. */
    long blocksFor(int bytes) {
        return is(Trait.BITMAP) ? Math.ceilDiv(bytes, blockSize) : 1;
    }

    /**
     * Returns all caches that the settings ask for, in their order, the one of {@code --cache} first.
     *
     * @throws ConfigException when one of them is wrong, with its place
     */
    static List<CacheSpec> all(Settings settings) {
        List<CacheSpec> all = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Setting setting : settings.of(CacheOptions.CACHE)) {
            if (names.add(DEFAULT)) {
                all.add(guarded(setting, () -> old(settings)));
            }
        }
        for (Setting setting : settings.of(CacheOptions.CACHE2)) {
            CacheSpec spec = guarded(setting, () -> parse(setting.value()));
            if (!names.add(spec.name())) {
                throw new ConfigException(setting.origin() + ": cache2: a second cache called " + spec.name());
            }
            all.add(spec);
        }
        return all;
    }

    private static CacheSpec guarded(Setting setting, java.util.function.Supplier<CacheSpec> maker) {
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(setting.origin() + ": " + setting.option().name() + " = " + setting.value() + ": "
                    + e.getMessage());
        }
    }

    private static CacheSpec old(Settings settings) {
        int items = settings.get(CacheOptions.CACHE);
        return new CacheSpec(
                DEFAULT,
                items,
                settings.get(CacheOptions.CACHE_BLOCKSIZE),
                items,
                KEY_SIZE,
                settings.get(CacheOptions.CACHE_NO_EXPIRE) ? Set.of(Trait.NO_EXPIRE) : Set.of(),
                0,
                settings.get(CacheOptions.CACHE_STORE).map(Path::of),
                settings.get(CacheOptions.CACHE_STORE_SYNC));
    }

    /**
     * Reads {@code name=x,items=100,...}.
     *
     * @throws IllegalArgumentException when it is wrong, and why
     */
    static CacheSpec parse(String text) {
        Map<String, String> keys = keys(text);
        String name = Optional.ofNullable(keys.get("name"))
                .filter(given -> !given.isEmpty())
                .orElseThrow(() -> new IllegalArgumentException("name is missing"));
        if (!keys.containsKey("items")) {
            throw new IllegalArgumentException("items is missing");
        }
        int items = number(keys, "items", 0);
        return new CacheSpec(
                name,
                items,
                number(keys, "blocksize", BLOCK_SIZE),
                number(keys, "blocks", items),
                number(keys, "keysize", KEY_SIZE),
                traits(keys),
                longNumber(keys, "math_initial", 0),
                Optional.ofNullable(keys.get("store")).map(Path::of),
                number(keys, "store_sync", 0));
    }

    /** Returns the keys of {@code text} that would copy items between servers, which is not done. */
    static List<String> replication(String text) {
        return keys(text).keySet().stream()
                .filter(REPLICATION::contains)
                .sorted()
                .toList();
    }

    private static Map<String, String> keys(String text) {
        Map<String, String> keys = new HashMap<>();
        for (KeyValues.Pair pair : KeyValues.parse(text).pairs()) {
            String key = SAME.getOrDefault(pair.key(), pair.key());
            if (!KNOWN.contains(key)) {
                throw new IllegalArgumentException(
                        "unknown key " + pair.key() + " (expected: one of " + String.join(", ", sorted()) + ")");
            }
            keys.put(key, String.join("|", pair.values()));
        }
        return keys;
    }

    private static List<String> sorted() {
        return KNOWN.stream().sorted().toList();
    }

    private static Set<Trait> traits(Map<String, String> keys) {
        Set<Trait> traits = new HashSet<>();
        for (Trait trait : Trait.values()) {
            String value = keys.get(trait.name().toLowerCase(java.util.Locale.ROOT));
            if (value != null && !value.equals("0") && !value.equals("false")) {
                traits.add(trait);
            }
        }
        return traits;
    }

    private static int number(Map<String, String> keys, String key, int otherwise) {
        long number = longNumber(keys, key, otherwise);
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(key + ": " + number + " (expected: 0 to " + Integer.MAX_VALUE + ")");
        }
        return (int) number;
    }

    private static long longNumber(Map<String, String> keys, String key, long otherwise) {
        String value = keys.get(key);
        if (value == null) {
            return otherwise;
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: a number)", e);
        }
    }
}
