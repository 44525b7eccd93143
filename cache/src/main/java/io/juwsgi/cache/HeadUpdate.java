package io.juwsgi.cache;

import io.juwsgi.cache.rule.CacheControl;
import io.juwsgi.cache.store.StoredResponse;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.http.EntityTags;
import org.jspecify.annotations.Nullable;

/**
 * The application's answer to HEAD: it renews the stored response to GET, or shows that it is out of date (RFC 9111 section
 * 4.3.5). Owned by the exchange's event loop.
 */
final class HeadUpdate extends ForwardingSink {
    private final HttpCache cache;
    private final Question question;
    private final StoredResponse stored;
    private final CacheStatus.Forward why;
    private final long generation;
    private final long requestMillis;

    HeadUpdate(HttpCache cache, Question question, StoredResponse stored, CacheStatus.Forward why) {
        super(question.exchange().response());
        this.cache = cache;
        this.question = question;
        this.stored = stored;
        this.why = why;
        generation = cache.store().generation(question.key());
        requestMillis = cache.clock().millis();
    }

    @Override
    public void head(Response head) {
        if (head.status() == 200) {
            cache.store()
                    .put(question.key(), isSame(head.fields()) ? renewed(head.fields()) : stored.expired(), generation);
        }
        head.fields().add(CacheStatus.FIELD, why.field());
        super.head(head);
    }

    private boolean isSame(Fields head) {
        String length = head.first("content-length");
        return agrees("etag", head)
                && agrees("last-modified", head)
                && (length == null || length.equals(Long.toString(stored.body().length())));
    }

    private boolean agrees(String name, Fields head) {
        @Nullable String now = head.first(name);
        String then = stored.fields().first(name);
        return now == null || (then != null && EntityTags.same(now, then));
    }

    private StoredResponse renewed(Fields head) {
        long now = cache.clock().millis();
        Fields fields = stored.renewedBy(head, question.policy().control(head).withheld(), now);
        CacheControl control = question.policy().control(fields);
        return stored.with(
                fields,
                question.policy().freshness(stored.status(), fields, head.first("age"), control, requestMillis, now));
    }
}
