package io.juwsgi.router.chain;

import io.juwsgi.router.exchange.Dispatcher;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The end of a chain: the application that modifier1 picks, the handler with the longest mount point, or else whatever else
 * there is. Filled before its first use.
 */
final class Mounts implements Handler {
    private static final System.Logger LOG = System.getLogger(Mounts.class.getName());

    private record Mount(String path, Handler handler) {
        boolean holds(String requested) {
            return requested.startsWith(path)
                    && (path.isEmpty()
                            || requested.length() == path.length()
                            || requested.charAt(path.length()) == '/');
        }
    }

    private final Dispatcher applications;
    private final List<Mount> mounts = new ArrayList<>();
    private final @Nullable Handler[] byModifier = new Handler[256];

    Mounts(Dispatcher applications) {
        this.applications = applications;
    }

    void add(String path, Handler handler) {
        mounts.add(new Mount(withoutSlash(path), handler));
        mounts.sort(
                Comparator.comparingInt((Mount mount) -> mount.path().length()).reversed());
    }

    void add(Set<Integer> modifiers, Handler application) {
        modifiers.forEach(modifier -> byModifier[modifier] = application);
    }

    /** Returns a mount point without the slash at its end, so that {@code /} is the empty prefix of every path. */
    static String withoutSlash(String mount) {
        return mount.endsWith("/") ? mount.substring(0, mount.length() - 1) : mount;
    }

    @Override
    public void handle(Exchange exchange) {
        try {
            find(exchange.request()).handle(exchange);
        } catch (RuntimeException | Error e) {
            // Here, so that no filter is blamed for it.
            LOG.log(Level.ERROR, "request=" + exchange.id() + " failed: " + e, e);
            exchange.fail(Failure.gateway(500, "exception", "The server failed while it answered this request."));
        }
    }

    private Handler find(Request request) {
        int modifier = request.modifier1();
        Handler picked = byModifier[modifier];
        if (picked != null) {
            return picked;
        }
        if (!mounts.isEmpty() && (modifier == 0 || modifier == 30)) {
            String path = request.path();
            for (int i = 0; i < mounts.size(); i++) {
                if (mounts.get(i).holds(path)) {
                    return mounts.get(i).handler();
                }
            }
        }
        return applications.handlerFor(request);
    }
}
