package io.juwsgi.cache;

import io.juwsgi.cache.rule.CacheControl;
import io.juwsgi.cache.store.StoredResponse;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.http.EntityTags;

/** What the application's 304 makes of a stored response (RFC 9111 section 4.3.4). Owned by the event loop of the {@link Fetch}. */
final class Renewal {
    private final HttpCache cache;
    private final Flight flight;
    private final Plan plan;
    private final StoredResponse stale;

    Renewal(HttpCache cache, Flight flight, Plan plan, StoredResponse stale) {
        this.cache = cache;
        this.flight = flight;
        this.plan = plan;
        this.stale = stale;
    }

    /** Answers everybody who waits; a 304 about another representation says nothing of the stored one. */
    void by(Response answer) {
        String tag = answer.fields().first("etag");
        String known = stale.fields().first("etag");
        if (tag != null && known != null && !EntityTags.same(tag, known)) {
            refuse();
            return;
        }
        StoredResponse renewed = renewed(answer);
        CacheControl control = plan.question().policy().control(renewed.fields());
        boolean keeps = plan.question().policy().keeps(renewed.fields(), control);
        if (keeps) {
            cache.keep(plan.question().key(), renewed, plan.generation());
        } else {
            cache.purges().changed(plan.question().key());
        }
        cache.counters().confirmed.increment();
        Question first = plan.question();
        flight.serve(renewed, plan.why().field() + "; fwd-status=304", question -> keeps || question.equals(first));
    }

    private void refuse() {
        cache.purges().changed(plan.question().key());
        Question first = flight.release();
        if (first != null) {
            first.exchange()
                    .fail(Failure.upstream(
                            502,
                            "bad-revalidation",
                            "The application confirmed another version than it was asked for."));
        }
    }

    private StoredResponse renewed(Response answer) {
        long now = cache.clock().millis();
        CacheControl told = plan.question().policy().control(answer.fields());
        Fields fields = stale.renewedBy(answer.fields(), told.withheld(), now);
        CacheControl control = plan.question().policy().control(fields);
        return stale.with(
                fields,
                plan.question()
                        .policy()
                        .freshness(stale.status(), fields, answer.fields().first("age"), control, plan.millis(), now));
    }
}
