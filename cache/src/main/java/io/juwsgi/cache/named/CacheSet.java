package io.juwsgi.cache.named;

import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All named caches of the server, with the thread that sweeps them and writes their files. They outlive a reload. Any thread
 * may use it.
 */
final class CacheSet implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CacheSet.class.getName());
    private static final long CLOSE_SECONDS = 10;

    private final InstantSource clock;
    private final ScheduledExecutorService chores = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("juwsgi-caches").factory());
    private final Map<String, StoreFile> stores = new LinkedHashMap<>();
    private volatile Map<String, NamedCache> caches = Map.of();
    private volatile @Nullable NamedCache first;
    private @Nullable ScheduledFuture<?> sweeping;

    CacheSet(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Makes the caches that are asked for out of those that there are; items stay where they fit.
     *
     * @param sweepSeconds how often what has expired is removed
     * @param report whether the log says how much that was
     */
    synchronized void apply(List<CacheSpec> specs, int sweepSeconds, boolean report) {
        Map<String, NamedCache> all = new LinkedHashMap<>();
        for (CacheSpec spec : specs) {
            NamedCache cache = caches.get(spec.name());
            if (cache == null) {
                cache = new NamedCache(spec, clock);
            } else {
                cache.reconfigure(spec);
            }
            all.put(spec.name(), cache);
            keep(spec, cache);
        }
        caches.forEach((name, cache) -> {
            if (!all.containsKey(name)) {
                forget(name, cache);
            }
        });
        first = all.isEmpty() ? null : all.values().iterator().next();
        caches = all;
        if (sweeping != null) {
            sweeping.cancel(false);
        }
        int period = Math.max(1, sweepSeconds);
        sweeping = chores.scheduleWithFixedDelay(() -> sweep(report), period, period, TimeUnit.SECONDS);
    }

    /** Lets a cache have the file that it is to have now. */
    private void keep(CacheSpec spec, NamedCache cache) {
        StoreFile before = stores.get(spec.name());
        if (before != null && before.isOf(spec)) {
            return;
        }
        forget(spec.name(), cache);
        spec.store().ifPresent(path -> stores.put(spec.name(), StoreFile.open(path, spec.storeSync(), cache, chores)));
    }

    private void forget(String name, NamedCache cache) {
        StoreFile store = stores.remove(name);
        if (store != null) {
            cache.listen(null);
            chores.execute(store::close);
        }
    }

    private void sweep(boolean report) {
        for (NamedCache cache : caches.values()) {
            int swept = cache.sweep();
            if (report && swept > 0) {
                LOG.log(Level.INFO, "cache=" + cache.spec().name() + " freed=" + swept);
            }
        }
    }

    /** Returns a cache; the first one when {@code name} is empty; null when there is none. */
    @Nullable
    NamedCache find(String name) {
        return name.isEmpty() ? first : caches.get(name);
    }

    Collection<NamedCache> all() {
        return caches.values();
    }

    /** Writes what is to be kept, and ends the thread. */
    @Override
    public synchronized void close() {
        stores.values().forEach(store -> chores.execute(store::close));
        stores.clear();
        chores.shutdown();
        try {
            if (!chores.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "caches: what they hold is not in their files yet; it is given up");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
