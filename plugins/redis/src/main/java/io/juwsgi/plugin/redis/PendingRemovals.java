package io.juwsgi.plugin.redis;

import io.juwsgi.spi.cache.CacheStore.Removal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What was to be removed while Redis could not be reached: nothing is read before it is gone. Thread-safe. */
final class PendingRemovals {
    /** More than this is everything. */
    private static final int MOST = 1000;

    private final Set<Removal> all = new LinkedHashSet<>();

    synchronized void add(Removal removal) {
        if (all.size() == MOST) {
            all.clear();
            all.add(new Removal.All());
        } else if (!all.contains(new Removal.All())) {
            all.add(removal);
        }
    }

    synchronized boolean isEmpty() {
        return all.isEmpty();
    }

    /** Takes all of them out. */
    synchronized List<Removal> take() {
        List<Removal> taken = List.copyOf(all);
        all.clear();
        return taken;
    }
}
