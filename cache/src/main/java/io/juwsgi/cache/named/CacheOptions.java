package io.juwsgi.cache.named;

import io.juwsgi.config.Option;
import java.util.List;
import java.util.Optional;

/** uWSGI's options of caches. */
public final class CacheOptions {
    private static final String AREA = "cache";

    static final Option<List<String>> CACHE2 = Option.list("cache2")
            .placeholder("KEY=VALUE,...")
            .area(AREA)
            .doc(
                    "make a cache: name and items are required; blocksize, keysize, bitmap, purge_lru, store and others may follow");

    static final Option<Integer> CACHE =
            Option.integer("cache", 0).placeholder("ITEMS").area(AREA).doc("make a cache called default");

    static final Option<Integer> CACHE_BLOCKSIZE = Option.integer("cache-blocksize", CacheSpec.BLOCK_SIZE)
            .placeholder("BYTES")
            .area(AREA)
            .doc("the longest value of the cache that --cache makes");

    static final Option<Optional<String>> CACHE_STORE = Option.text("cache-store")
            .placeholder("FILE")
            .area(AREA)
            .doc("keep what is in the cache that --cache makes in a file, over restarts");

    static final Option<Integer> CACHE_STORE_SYNC = Option.integer("cache-store-sync", 0)
            .placeholder("SECONDS")
            .area(AREA)
            .doc("have that file on the disk, and not in the system's memory, so often (0: when the system likes)");

    static final Option<Boolean> CACHE_NO_EXPIRE =
            Option.flag("cache-no-expire").area(AREA).doc("let nothing expire in the cache that --cache makes");

    static final Option<Integer> CACHE_EXPIRE_FREQ = Option.integer("cache-expire-freq", 3)
            .placeholder("SECONDS")
            .area(AREA)
            .doc("how often what has expired is removed from all caches; it is not found before that either");

    static final Option<Boolean> CACHE_REPORT_FREED_ITEMS = Option.flag("cache-report-freed-items")
            .area(AREA)
            .doc("log how many items have expired, each time when some have");

    static final Option<Boolean> CACHE_USE_LAST_MODIFIED = Option.flag("cache-use-last-modified")
            .area(AREA)
            .doc("accepted: the statistics have the time of each cache's last change in any case");

    static final Option<List<String>> ADD_CACHE_ITEM = Option.list("add-cache-item")
            .placeholder("[CACHE ]KEY=VALUE")
            .area(AREA)
            .doc("put an item into a cache at the start");

    static final Option<List<String>> LOAD_FILE_IN_CACHE = Option.list("load-file-in-cache")
            .placeholder("[CACHE ]FILE")
            .area(AREA)
            .doc("put a file's content into a cache at the start, under its path as it is written here");

    static final Option<List<String>> LOAD_FILE_IN_CACHE_GZIP = Option.list("load-file-in-cache-gzip")
            .placeholder("[CACHE ]FILE")
            .area(AREA)
            .doc("put a file's content into a cache at the start, compressed with gzip");

    static final Option<Optional<String>> CHECK_CACHE = Option.text("check-cache")
            .optionalArgument()
            .placeholder("CACHE")
            .area(AREA)
            .doc(
                    "answer GET with the whole response that a cache, by default the first one, has under the request's URI");

    private CacheOptions() {}

    /** Returns those that turn on answers from caches. */
    public static List<Option<?>> answering() {
        return List.of(CHECK_CACHE);
    }

    /** Returns those that make caches. */
    public static List<Option<?>> making() {
        return List.of(CACHE2, CACHE);
    }

    /** Returns all of them. */
    public static List<Option<?>> all() {
        return List.of(
                CACHE2,
                CACHE,
                CACHE_BLOCKSIZE,
                CACHE_STORE,
                CACHE_STORE_SYNC,
                CACHE_NO_EXPIRE,
                CACHE_EXPIRE_FREQ,
                CACHE_REPORT_FREED_ITEMS,
                CACHE_USE_LAST_MODIFIED,
                ADD_CACHE_ITEM,
                LOAD_FILE_IN_CACHE,
                LOAD_FILE_IN_CACHE_GZIP,
                CHECK_CACHE);
    }
}
