package io.juwsgi.master;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Tells of each reload's begin and end, once. Owned by the master's thread, except {@link #listener}. */
final class ReloadNews {
    private final AtomicReference<@Nullable ReloadListener> listener = new AtomicReference<>();
    private boolean underWay;

    /** Sets who hears of it, from any thread. */
    void listener(ReloadListener wanted) {
        listener.set(wanted);
    }

    void began(String what) {
        ReloadListener hearer = listener.get();
        if (!underWay && hearer != null) {
            hearer.began(what);
        }
        underWay = true;
    }

    void ended(String what) {
        ReloadListener hearer = listener.get();
        if (underWay && hearer != null) {
            hearer.ended(what);
        }
        underWay = false;
    }
}
