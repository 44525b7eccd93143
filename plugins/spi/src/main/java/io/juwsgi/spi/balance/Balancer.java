package io.juwsgi.spi.balance;

import io.juwsgi.spi.exchange.Fields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Picks the endpoint for each request of one upstream. Each event loop has a balancer of its own, which only that thread
 * calls: it needs no locks, and sees other event loops' requests in the numbers of the {@linkplain Endpoint endpoints}.
 * It must not block.
 */
public interface Balancer {

    /**
     * Says who is there from now on, in the order of the configuration. Called before the first {@link #choose} and
     * whenever members come or go, not when they fall ill or recover: a table over all members stays as it is then.
     *
     * @param endpoints an immutable list without duplicates, of all tiers; may be empty
     */
    void endpoints(List<Endpoint> endpoints);

    /**
     * Picks an endpoint.
     *
     * @return a member that the selection {@linkplain Selection#allows allows}; null only when it allows none
     */
    @Nullable
    Endpoint choose(Selection selection);

    /**
     * Says that {@code endpoint} answers, before the answer's head goes to the client. A balancer that marks its choice in
     * the answer, with a cookie, does it here.
     *
     * @param selection the one that was asked for
     * @param endpoint who answers
     * @param fields the header fields of the answer, to be changed
     */
    default void answered(Selection selection, Endpoint endpoint, Fields fields) {}
}
