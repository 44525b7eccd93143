package io.juwsgi.cache;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import org.jspecify.annotations.Nullable;

/**
 * The response to a request that may have changed something: when it is no error, what is stored of the resources that it
 * names is forgotten (RFC 9111 section 4.4). Owned by the exchange's event loop.
 */
final class Invalidation extends ForwardingSink {
    private final ResponseStore store;
    private final CacheKey key;

    Invalidation(ResponseSink sink, ResponseStore store, CacheKey key) {
        super(sink);
        this.store = store;
        this.key = key;
    }

    @Override
    public void head(Response head) {
        if (head.status() < 400) {
            Fields fields = head.fields();
            store.invalidate(key);
            forget(fields.first("location"));
            forget(fields.first("content-location"));
        }
        head.fields().add(CacheStatus.FIELD, CacheStatus.Forward.METHOD.field());
        super.head(head);
    }

    private void forget(@Nullable String reference) {
        CacheKey named = reference == null ? null : key.resolve(reference);
        if (named != null) {
            store.invalidate(named);
        }
    }
}
