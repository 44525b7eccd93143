package io.juwsgi.router.chain;

import io.juwsgi.router.chain.ChainPlan.Application;
import io.juwsgi.router.chain.ChainPlan.FilterPart;
import io.juwsgi.router.chain.ChainPlan.LanguagePart;
import io.juwsgi.router.chain.ChainPlan.MountPart;
import io.juwsgi.router.exchange.Dispatcher;
import io.juwsgi.spi.exchange.Handler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A compiled chain: each filter holds the next one, the last one the mounts, these the applications. Immutable but for the
 * count of exchanges in it, which any thread may change.
 */
final class Chain {
    private final Handler first;
    private final List<Conduct> conducts = new ArrayList<>();
    private final Blame blame;
    private final Runnable whenLeft;
    /** Exchanges in the chain, and one for being the current chain; at 0 it is closed. */
    private final AtomicInteger users = new AtomicInteger(1);

    private final Runnable leaving = this::leave;

    private Chain(ChainPlan plan, Dispatcher applications, Function<String, Conduct> conductOf) {
        whenLeft = plan.whenLeft();
        List<Object> instances = new ArrayList<>();
        Mounts mounts = new Mounts(applications);
        for (MountPart part : plan.mounts()) {
            Conduct conduct =
                    conduct(conductOf.apply(part.id()), part.application().instance(), instances);
            mounts.add(part.mount(), handler(part, conduct));
        }
        for (LanguagePart part : plan.languages()) {
            Conduct conduct = conduct(conductOf.apply(part.id()), part.handler(), instances);
            mounts.add(part.modifiers(), new BlockingAdapter(part.handler(), "", conduct));
        }
        Handler next = mounts;
        for (FilterPart part : plan.outermostFirst().reversed()) {
            next = new Link(part.filter(), next, conduct(conductOf.apply(part.id()), part.filter(), instances), this);
        }
        first = next;
        blame = new Blame(conducts, instances);
    }

    /**
     * Compiles a chain.
     *
     * @param applications what answers when nothing is mounted at a path
     * @param conductOf gives each extension its counts by its id
     */
    static Chain of(ChainPlan plan, Dispatcher applications, Function<String, Conduct> conductOf) {
        return new Chain(plan, applications, conductOf);
    }

    private Conduct conduct(Conduct conduct, Object instance, List<Object> instances) {
        conducts.add(conduct);
        instances.add(instance);
        return conduct;
    }

    private static Handler handler(MountPart part, Conduct conduct) {
        return switch (part.application()) {
            case Application.Async(Handler handler) -> new MountedHandler(handler, conduct);
            case Application.Blocking blocking -> new BlockingAdapter(blocking.handler(), part.mount(), conduct);
        };
    }

    /** Returns the beginning of the chain. */
    Handler first() {
        return first;
    }

    List<Conduct> conducts() {
        return conducts;
    }

    Blame blame() {
        return blame;
    }

    /** Counts an exchange in; false when the chain is closed. */
    boolean enter() {
        for (int n = users.get(); n > 0; n = users.get()) {
            if (users.compareAndSet(n, n + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Counts an exchange out: one object for all, so that none is made for a request. */
    Runnable leaving() {
        return leaving;
    }

    /** Says that no exchange enters any more. */
    void retire() {
        leave();
    }

    private void leave() {
        if (users.decrementAndGet() == 0) {
            Thread.ofVirtual().name("juwsgi-chain-close").start(whenLeft);
        }
    }
}
