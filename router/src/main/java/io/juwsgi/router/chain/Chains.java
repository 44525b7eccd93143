package io.juwsgi.router.chain;

import io.juwsgi.router.exchange.Dispatcher;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The chain that new exchanges enter; it can be swapped while older ones are still in the chain before it. Any thread may
 * swap and ask.
 */
public final class Chains implements Dispatcher, Handler {
    private final Dispatcher applications;
    /** What extensions did, for all chains: a swap begins no count anew. Guarded by this object's lock. */
    private final Map<String, Conduct> conducts = new HashMap<>();

    /** Null while there is nothing in it, so that an exchange then goes to its application without a detour. */
    private volatile @Nullable Chain current;

    /**
     * Begins with an empty chain.
     *
     * @param applications what answers behind the filters when nothing is mounted at a path
     */
    public Chains(Dispatcher applications) {
        this.applications = applications;
    }

    /** Makes a chain of {@code plan} and lets all exchanges from now on enter that one. */
    public synchronized void swap(ChainPlan plan) {
        Chain old = current;
        current =
                plan.isEmpty() ? null : Chain.of(plan, applications, id -> conducts.computeIfAbsent(id, Conduct::new));
        if (old != null) {
            old.retire();
        }
    }

    @Override
    public Handler handlerFor(Request request) {
        return current == null ? applications.handlerFor(request) : this;
    }

    @Override
    public void handle(Exchange exchange) {
        // A chain that closes between the two steps has been replaced before.
        for (Chain chain = current; chain != null; chain = current) {
            if (chain.enter()) {
                exchange.onEnd(chain.leaving());
                chain.first().handle(exchange);
                return;
            }
        }
        applications.handlerFor(exchange.request()).handle(exchange);
    }

    /** Returns how the extensions of the current chain behave, in no order. */
    public List<ExtensionStats> stats() {
        Chain chain = current;
        return chain == null
                ? List.of()
                : chain.conducts().stream().map(Conduct::stats).toList();
    }

    @Override
    public boolean blame(String requestId, Throwable thrown) {
        Blame.Found found = culprit(thrown.getStackTrace());
        if (found != null) {
            found.conduct().report(requestId, thrown);
        }
        return found != null;
    }

    /** Returns the id of the extension of the current chain that a stack trace belongs to. */
    public Optional<String> extensionOf(StackTraceElement[] trace) {
        return Optional.ofNullable(culprit(trace)).map(found -> found.conduct().id());
    }

    /** Returns the extension of the current chain that a stack trace belongs to, or null. */
    Blame.@Nullable Found culprit(StackTraceElement[] trace) {
        Chain chain = current;
        return chain == null ? null : chain.blame().in(trace);
    }
}
