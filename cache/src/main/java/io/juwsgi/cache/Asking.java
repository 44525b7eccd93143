package io.juwsgi.cache;

import io.juwsgi.cache.CacheStatus.Forward;
import io.juwsgi.cache.rule.StoragePolicy;
import io.juwsgi.cache.store.StoredResponse;
import io.juwsgi.cache.store.Variants;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How the application is asked for what is not stored: together where that may help, else each for himself. Thread-safe. */
final class Asking {
    /** Whoever has waited so often for answers that were other clients' waits no more. */
    private static final int PATIENCE = 2;

    private final HttpCache cache;

    Asking(HttpCache cache) {
        this.cache = cache;
    }

    /** Asks for what is not stored, or not as it is wanted. */
    void ask(Question question, @Nullable StoredResponse stored, Forward why) {
        if (question.isHead()) {
            Exchange exchange = question.exchange();
            question.next()
                    .handle(exchange.withResponse(
                            stored == null ? new Noted(exchange, why) : new HeadUpdate(cache, question, stored, why)));
        } else if (question.fields().contains("range")) {
            question.next().handle(question.exchange().withResponse(new PartFill(cache, question, why)));
        } else if (isShareable(question, stored)) {
            together(question, stored, why);
        } else {
            alone(question, stored, why, false);
        }
    }

    /** Returns whether the answer may be for others as well, as far as can be known before it is there. */
    private boolean isShareable(Question question, @Nullable StoredResponse stored) {
        if (question.wish().noStore()
                || question.tries() >= PATIENCE
                || StoragePolicy.isAuthorized(question.request())) {
            return false;
        }
        Flights.Memory memory = cache.flights().remembered(question.key());
        return memory == null
                ? stored != null || !question.isConditional() || cache.shared() != null
                : memory.shared(cache.clock().millis());
    }

    private void together(Question question, @Nullable StoredResponse stored, Forward why) {
        Flight mine = new Flight(cache, question, false, false);
        Flights.Name name = cache.flights().name(question.key(), question.fields(), question.normalisation());
        for (Flight other = cache.flights().joined(name, mine);
                other != null;
                other = cache.flights().joined(name, mine)) {
            if (other.join(question)) {
                other.watch(question);
                giveUpLater(other);
                return;
            }
            if (other.isOver()) {
                cache.flights().remove(other);
            } else {
                // It is on its way already, and this client wants what comes after it.
                mine.name(null);
                alone(question, stored, why, true);
                return;
            }
        }
        Variants late = cache.store().get(question.key());
        StoredResponse found = late == null ? null : late.select(question.fields(), question.normalisation());
        if (found != null
                && !found.equals(stored)
                && found.freshness().usable(question.wish(), cache.clock().millis())) {
            // Stored by another event loop between the look at the store and the one at the flights.
            mine.serve(
                    found, CacheStatus.hit(found.freshness().left(cache.clock().millis())), other -> true);
            return;
        }
        mine.watch(question);
        SharedStore shared = cache.shared();
        if (shared == null || question.wish().noCache()) {
            start(mine, question, stored, why, true);
            return;
        }
        long generation = cache.store().generation(question.key());
        var _ = shared.get(question.key(), name.variation(), question.fields(), question.normalisation())
                .thenAccept(other -> question.exchange()
                        .eventLoop()
                        .execute(() -> looked(mine, question, stored, why, other, generation)));
    }

    /** Another server may have stored it. */
    private void looked(
            Flight mine,
            Question question,
            @Nullable StoredResponse stored,
            Forward why,
            @Nullable StoredResponse found,
            long generation) {
        if (question.exchange().ended()) {
            mine.release();
            return;
        }
        boolean kept = found != null && cache.store().put(question.key(), found, generation);
        if (found == null || !kept) {
            start(mine, question, stored, why, true);
            return;
        }
        long now = cache.clock().millis();
        if (!found.freshness().usable(question.wish(), now)) {
            start(mine, question, found, Forward.STALE, true);
            return;
        }
        cache.counters().shared.increment();
        cache.flights().shareable(question.key(), found.variation());
        mine.serve(
                found,
                CacheStatus.hit(found.freshness().left(now)) + "; detail=shared",
                other -> found.freshness().usable(other.wish(), now));
    }

    private void giveUpLater(Flight flight) {
        if (flight.firstToWait()) {
            long millis = cache.settings().patience().toMillis();
            CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(flight::tooSlow);
        }
    }

    /** Asks for one client, with what is stored now. */
    void alone(Question question) {
        Variants variants = cache.store().get(question.key());
        StoredResponse stored = variants == null ? null : variants.select(question.fields(), question.normalisation());
        alone(question, stored, stored == null ? Forward.URI_MISS : Forward.STALE, false);
    }

    private void alone(Question question, @Nullable StoredResponse stored, Forward why, boolean shareable) {
        Flight flight = new Flight(cache, question, false, true);
        flight.watch(question);
        start(flight, question, stored, why, shareable);
    }

    /** Asks for a new response in the background, unless somebody does already. */
    void refresh(Question question, StoredResponse stored) {
        if (question.isHead() || StoragePolicy.isAuthorized(question.request())) {
            return;
        }
        Flight flight = new Flight(cache, question, true, false);
        Flights.Name name = cache.flights().name(question.key(), question.fields(), question.normalisation());
        if (!cache.flights().contains(name) && cache.flights().joined(name, flight) == null) {
            cache.counters().refreshes.increment();
            start(flight, question, stored, Forward.STALE, true);
        }
    }

    private void start(
            Flight flight, Question question, @Nullable StoredResponse stored, Forward why, boolean withoutConditions) {
        Fetch fetch = new Fetch(cache, flight, Plan.of(cache, question, stored, why, withoutConditions));
        flight.begun(fetch);
        if (!fetch.ended()) {
            question.next().handle(fetch);
        }
    }

    /** A response that is passed on, with the reason. Owned by the exchange's event loop. */
    private static final class Noted extends ForwardingSink {
        private final Forward why;

        Noted(Exchange exchange, Forward why) {
            super(exchange.response());
            this.why = why;
        }

        @Override
        public void head(Response head) {
            head.fields().add(CacheStatus.FIELD, why.field());
            super.head(head);
        }
    }
}
