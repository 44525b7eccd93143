package io.juwsgi.router.chain;

import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Phase;
import java.util.List;

/**
 * What a chain is compiled of.
 *
 * @param filters the filters, in any order
 * @param mounts the Java applications, in any order
 * @param whenLeft run once, on a virtual thread, when the chain has been replaced and its last exchange has ended
 */
public record ChainPlan(List<FilterPart> filters, List<MountPart> mounts, Runnable whenLeft) {

    /** A plan for a chain that does nothing. */
    public static final ChainPlan EMPTY = new ChainPlan(List.of(), List.of(), () -> {});

    /** Copies the lists. */
    public ChainPlan {
        filters = List.copyOf(filters);
        mounts = List.copyOf(mounts);
    }

    /** Returns whether nothing is in it. */
    public boolean isEmpty() {
        return filters.isEmpty() && mounts.isEmpty();
    }

    /** A started filter under its id. */
    public record FilterPart(String id, Phase phase, Filter filter) {}

    /** A started Java application under its id, at a path that begins with a slash. */
    public record MountPart(String id, String mount, Application application) {}

    /** A Java application of one of the two kinds. */
    public sealed interface Application {

        /** One that is called on event loops. */
        record Async(Handler handler) implements Application {}

        /** One that is called on virtual threads. */
        record Blocking(BlockingHandler handler) implements Application {}

        /** Returns the object that the plugin made. */
        default Object instance() {
            return switch (this) {
                case Async(Handler handler) -> handler;
                case Blocking(BlockingHandler handler) -> handler;
            };
        }
    }
}
