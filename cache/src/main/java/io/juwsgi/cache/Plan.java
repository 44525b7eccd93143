package io.juwsgi.cache;

import io.juwsgi.cache.CacheStatus.Forward;
import io.juwsgi.cache.store.StoredResponse;
import io.juwsgi.spi.exchange.ChangedRequest;
import io.juwsgi.spi.exchange.Request;
import org.jspecify.annotations.Nullable;

/**
 * What the application is asked, and why.
 *
 * @param request what it gets
 * @param why the reason
 * @param asked whether the request has the cache's own conditions
 * @param stale what is stored and may not be used as it is, or null
 * @param withoutConditions whether conditions of the client were left out
 * @param generation that of the key when it was asked
 * @param millis when it was asked
 */
record Plan(
        Question question,
        Request request,
        Forward why,
        boolean asked,
        @Nullable StoredResponse stale,
        boolean withoutConditions,
        long generation,
        long millis) {

    /** Plans a request, with the cache's own conditions when what is stored can be confirmed. */
    static Plan of(
            HttpCache cache,
            Question question,
            @Nullable StoredResponse stored,
            Forward why,
            boolean withoutConditions) {
        boolean noStore = question.wish().noStore();
        StoredResponse asked = stored != null && stored.hasValidator() && !noStore ? stored : null;
        boolean stripped = asked != null || withoutConditions;
        return new Plan(
                question,
                stripped ? changed(question.request(), asked) : question.request(),
                why,
                asked != null,
                stored,
                stripped,
                cache.store().generation(question.key()),
                cache.clock().millis());
    }

    /** Returns the request with the cache's own conditions in place of the client's (RFC 9111 section 4.3.1). */
    private static Request changed(Request request, @Nullable StoredResponse asked) {
        String tag = asked == null ? null : asked.fields().first("etag");
        String modified = asked == null ? null : asked.fields().first("last-modified");
        boolean same = tag == null
                && modified == null
                && !request.fields().contains("if-none-match")
                && !request.fields().contains("if-modified-since")
                && !request.fields().contains("range");
        if (same) {
            return request;
        }
        ChangedRequest changed = new ChangedRequest(request);
        condition(changed, "If-None-Match", tag);
        condition(changed, "If-Modified-Since", modified);
        if (request.fields().contains("range")) {
            changed.withoutField("Range").withoutField("If-Range");
        }
        return changed;
    }

    private static void condition(ChangedRequest request, String name, @Nullable String value) {
        if (value == null) {
            request.withoutField(name);
        } else {
            request.field(name, value);
        }
    }

    boolean noStore() {
        return question.wish().noStore();
    }
}
