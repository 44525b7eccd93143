package io.juwsgi.cache.named;

/**
 * What is in a cache and what was done with it.
 *
 * @param items how many keys there are
 * @param usedBlocks how many blocks their values take
 * @param bytes the size of all values
 * @param full how often there was no room
 * @param lastModified when something was changed last, in seconds since 1970, 0 for never
 */
record CacheStats(
        CacheSpec spec, int items, long usedBlocks, long bytes, long hits, long misses, long full, long lastModified) {}
