package io.juwsgi.router.chain;

import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Phase;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What a chain is compiled of.
 *
 * @param filters the filters, in any order
 * @param mounts the Java applications, in any order
 * @param languages the applications that modifier1 picks, in any order
 * @param whenLeft run once, on a virtual thread, when the chain has been replaced and its last exchange has ended
 */
public record ChainPlan(
        List<FilterPart> filters, List<MountPart> mounts, List<LanguagePart> languages, Runnable whenLeft) {

    /** LOG is around all the others; the rest is in the order of the phases. */
    private static final Comparator<FilterPart> OUTERMOST_FIRST = Comparator.comparing(
                    (FilterPart part) -> part.phase() != Phase.LOG)
            .thenComparing(FilterPart::phase)
            .thenComparing(FilterPart::id);

    /** A plan for a chain that does nothing. */
    public static final ChainPlan EMPTY = new ChainPlan(List.of(), List.of(), List.of(), () -> {});

    /** Copies the lists. */
    public ChainPlan {
        filters = List.copyOf(filters);
        mounts = List.copyOf(mounts);
        languages = List.copyOf(languages);
    }

    /** Makes a plan without languages. */
    public ChainPlan(List<FilterPart> filters, List<MountPart> mounts, Runnable whenLeft) {
        this(filters, mounts, List.of(), whenLeft);
    }

    /** Returns the filters in the order in which requests pass them. */
    public List<FilterPart> outermostFirst() {
        return filters.stream().sorted(OUTERMOST_FIRST).toList();
    }

    /** Returns whether nothing is in it. */
    public boolean isEmpty() {
        return filters.isEmpty() && mounts.isEmpty() && languages.isEmpty();
    }

    /** A started filter under its id. */
    public record FilterPart(String id, Phase phase, Filter filter) {}

    /** A started Java application under its id, at a path that begins with a slash. */
    public record MountPart(String id, String mount, Application application) {}

    /** A started application under its language's id, with the values of modifier1 that pick it. */
    public record LanguagePart(String id, Set<Integer> modifiers, BlockingHandler handler) {}

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
