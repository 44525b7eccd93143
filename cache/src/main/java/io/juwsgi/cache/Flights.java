package io.juwsgi.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.juwsgi.cache.rule.Normalisation;
import io.juwsgi.cache.rule.Variation;
import io.juwsgi.cache.store.CacheKey;
import io.juwsgi.spi.exchange.Fields;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The requests to the application that others may join, and what is remembered of answers: whether waiting for one was worth
 * it, and which request fields it was chosen by. Thread-safe.
 */
final class Flights {
    /** For how long nobody waits for a response that could not be shared. */
    private static final long PATIENCE_MILLIS = 10_000;

    private static final int REMEMBERED = 20_000;

    /**
     * What a flight is for.
     *
     * @param variation what its response is thought to be chosen by, until its head is there
     */
    record Name(CacheKey key, Variation variation) {}

    /**
     * What is remembered of a key.
     *
     * @param unsharedUntil until when its responses are thought not to be for others, 0 when they are
     * @param vary the request fields that they are chosen by
     */
    record Memory(long unsharedUntil, List<String> vary) {
        boolean shared(long nowMillis) {
            return nowMillis >= unsharedUntil;
        }
    }

    private final ConcurrentHashMap<Name, Flight> all = new ConcurrentHashMap<>();
    private final Cache<CacheKey, Memory> memories = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumSize(REMEMBERED)
            .expireAfterWrite(Duration.ofHours(1))
            .build();

    @Nullable
    Memory remembered(CacheKey key) {
        return memories.getIfPresent(key);
    }

    /** Returns what a request's flight is called. */
    Name name(CacheKey key, Fields request, Normalisation normalisation) {
        Memory memory = memories.getIfPresent(key);
        return new Name(key, memory == null ? Variation.NONE : Variation.of(memory.vary(), request, normalisation));
    }

    /** The last response under a key could be shared. */
    void shareable(CacheKey key, Variation variation) {
        Memory memory = memories.getIfPresent(key);
        if (memory == null || memory.unsharedUntil() != 0 || !memory.vary().equals(variation.names())) {
            memories.put(key, new Memory(0, variation.names()));
        }
    }

    /** The last response under a key was for one client, or there was none. */
    void unshareable(CacheKey key, long nowMillis) {
        Memory memory = memories.getIfPresent(key);
        memories.put(key, new Memory(nowMillis + PATIENCE_MILLIS, memory == null ? List.of() : memory.vary()));
    }

    /** Returns the flight of a name, null when {@code mine} has become it. */
    @Nullable
    Flight joined(Name name, Flight mine) {
        mine.name(name);
        return all.putIfAbsent(name, mine);
    }

    /** Returns whether there is a flight of a name. */
    boolean contains(Name name) {
        return all.containsKey(name);
    }

    /** A flight's head has told what it is chosen by. */
    void moved(Flight flight, Variation variation) {
        Name before = flight.name();
        if (before != null && !before.variation().equals(variation)) {
            all.remove(before, flight);
            Name now = new Name(before.key(), variation);
            flight.name(now);
            all.putIfAbsent(now, flight);
        }
    }

    void remove(Flight flight) {
        Name name = flight.name();
        if (name != null) {
            all.remove(name, flight);
        }
    }
}
