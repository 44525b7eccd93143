package io.juwsgi.cache;

import io.juwsgi.config.typed.ByteSize;
import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;

/**
 * How much the HTTP cache holds.
 *
 * @param size how much memory all responses may take, heads and keys counted
 * @param maxEntry the largest body that is stored
 */
@Doc("store responses and answer from them, as RFC 9111 tells a shared cache")
record CacheSettings(
        @Default("64m") @Doc("how much memory stored responses may take")
        ByteSize size,

        @Default("1m") @Doc("the largest response body that is stored")
        ByteSize maxEntry) {
    private static final long LARGEST = 1L << 30;

    CacheSettings {
        if (size.bytes() == 0) {
            throw new IllegalArgumentException("size: 0 (expected: more than 0)");
        }
        if (maxEntry.bytes() > Math.min(size.bytes(), LARGEST)) {
            throw new IllegalArgumentException("maxEntry: " + maxEntry.bytes() + " (expected: not more than "
                    + Math.min(size.bytes(), LARGEST) + ", the size of the cache and at most 1g)");
        }
    }
}
