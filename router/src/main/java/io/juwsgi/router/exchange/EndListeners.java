package io.juwsgi.router.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who wants to hear of an exchange's end; most exchanges have one listener or none. */
final class EndListeners {
    private @Nullable Runnable first;
    private @Nullable List<Runnable> more;

    void add(Runnable listener) {
        if (first == null) {
            first = listener;
            return;
        }
        if (more == null) {
            more = new ArrayList<>(2);
        }
        more.add(listener);
    }

    /** Tells all of them, once; a listener's fault goes to {@code faults} and hinders neither the others nor the caller. */
    void tell(Consumer<Throwable> faults) {
        Runnable one = first;
        List<Runnable> others = more;
        first = null;
        more = null;
        if (one != null) {
            tell(one, faults);
        }
        if (others != null) {
            others.forEach(listener -> tell(listener, faults));
        }
    }

    private static void tell(Runnable listener, Consumer<Throwable> faults) {
        try {
            listener.run();
        } catch (RuntimeException | Error e) {
            faults.accept(e);
        }
    }
}
