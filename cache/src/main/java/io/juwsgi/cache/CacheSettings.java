package io.juwsgi.cache;

import io.juwsgi.cache.rule.CacheControl;
import io.juwsgi.cache.rule.Normalisation;
import io.juwsgi.cache.rule.StoragePolicy;
import io.juwsgi.config.typed.ByteSize;
import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the HTTP cache holds, and what it does beyond what responses say.
 *
 * @param size how much memory all responses may take, heads and keys counted
 * @param maxEntry the largest body that is stored
 * @param fillSize how much memory all responses may take that are on their way into the cache
 * @param heuristic which part of the time since Last-Modified a response that says nothing is fresh, in percent
 * @param negative for how long a 404, 405, 410, 414 or 501 that says nothing is fresh
 * @param grace for how long a stale response is good when the application cannot be reached
 * @param refresh in which last part of its lifetime a response that is asked for is renewed in the background, in percent
 * @param patience for how long a client waits for the answer to another one's request
 * @param purgeFrom addresses that may send PURGE
 * @param paths beginnings of paths that are cached; all when empty
 * @param except beginnings of paths that are not
 * @param ignoreQuery query parameters that make no difference
 * @param sortQuery whether the order of query parameters makes none
 * @param varyCookies the cookies that count where a response varies by Cookie
 * @param targets response fields that stand above Cache-Control
 * @param noVarySearch whether what a response says of queries is obeyed
 * @param store the id of the store that several servers share
 * @param disk a directory for large responses
 * @param diskSize how much disk they may take
 * @param diskMaxEntry the largest body that is stored there
 */
@Doc("store responses and answer from them, as RFC 9111 tells a shared cache")
record CacheSettings(
        @Default("64m") @Doc("how much memory stored responses may take")
        ByteSize size,

        @Default("1m") @Doc("the largest response body that is stored")
        ByteSize maxEntry,

        @Default("32m") @Doc("how much memory responses may take while they are being stored")
        ByteSize fillSize,

        @Default("0") @Doc("percent of the time since Last-Modified that a response is fresh when it says nothing")
        int heuristic,

        @Default("0s") @Doc("for how long 404, 405, 410, 414 and 501 are fresh when they say nothing")
        Duration negative,

        @Default("60s") @Doc("for how long a stale response is good when the application cannot be reached")
        Duration grace,

        @Default("0") @Doc("percent of its lifetime before whose end a response is renewed in the background")
        int refresh,

        @Default("10s") @Doc("for how long a client waits for the answer to another one's request")
        Duration patience,

        @Doc("an address or network that may send PURGE; unix for Unix sockets")
        List<String> purgeFrom,

        @Doc("the beginning of paths that are cached; without one all are")
        List<String> paths,

        @Doc("the beginning of paths that are not cached") List<String> except,

        @Doc("a query parameter that makes no difference, such as fbclid or utm_*")
        List<String> ignoreQuery,

        @Doc("the order of query parameters makes no difference")
        boolean sortQuery,

        @Doc("a cookie that counts where a response varies by Cookie; without one all do")
        List<String> varyCookies,

        @Doc("a response field that stands above Cache-Control; CDN-Cache-Control when none is named")
        List<String> targets,

        @Doc("obey No-Vary-Search: queries that a response says are the same are")
        boolean noVarySearch,

        @Doc("the store that several servers share, such as redis")
        Optional<String> store,

        @Doc("a directory for responses that are larger than max-entry; they survive a restart")
        Optional<Path> disk,

        @Default("1g") @Doc("how much disk responses may take")
        ByteSize diskSize,

        @Default("64m") @Doc("the largest response body that is stored on disk")
        ByteSize diskMaxEntry) {
    private static final long LARGEST = 1L << 30;
    private static final List<String> TARGETS = List.of("CDN-Cache-Control");

    CacheSettings {
        if (size.bytes() == 0) {
            throw new IllegalArgumentException("size: 0 (expected: more than 0)");
        }
        if (maxEntry.bytes() > Math.min(size.bytes(), LARGEST)) {
            throw new IllegalArgumentException("maxEntry: " + maxEntry.bytes() + " (expected: not more than "
                    + Math.min(size.bytes(), LARGEST) + ", the size of the cache and at most 1g)");
        }
        if (diskMaxEntry.bytes() > diskSize.bytes()) {
            throw new IllegalArgumentException("diskMaxEntry: " + diskMaxEntry.bytes() + " (expected: not more than "
                    + diskSize.bytes() + ", the size of the disk cache)");
        }
        percent("heuristic", heuristic);
        percent("refresh", refresh);
        purgeFrom.forEach(CacheSettings::address);
        targets = targets.isEmpty() ? TARGETS : List.copyOf(targets);
    }

    private static void percent(String name, int value) {
        if (value < 0 || value > 100) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to 100)");
        }
    }

    private static void address(String text) {
        try {
            AddressRange.of(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "purgeFrom: " + text + " (expected: an address such as 127.0.0.1, 10.0.0.0/8, or unix)", e);
        }
    }

    /** Returns the largest body that is stored anywhere. */
    long largest() {
        return disk.isPresent() ? Math.max(maxEntry.bytes(), diskMaxEntry.bytes()) : maxEntry.bytes();
    }

    /** Returns what is stored how long. */
    StoragePolicy policy() {
        return new StoragePolicy(targets, heuristic, negative.toSeconds(), CacheControl.ABSENT);
    }

    /** Returns what makes no difference. */
    Normalisation normalisation() {
        return new Normalisation(ignoreQuery, sortQuery, varyCookies);
    }
}
