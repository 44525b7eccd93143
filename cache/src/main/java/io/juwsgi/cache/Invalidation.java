package io.juwsgi.cache;

import io.juwsgi.cache.store.CacheKey;
import io.juwsgi.cache.store.StoredResponse;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The response to a request that may have changed something: when it is no error, what is stored of the resources that it
 * names is forgotten (RFC 9111 section 4.4), and of the groups that it names (RFC 9875). Owned by the exchange's event loop.
 */
final class Invalidation extends ForwardingSink {
    private final HttpCache cache;
    private final CacheKey key;

    Invalidation(ResponseSink sink, HttpCache cache, CacheKey key) {
        super(sink);
        this.cache = cache;
        this.key = key;
    }

    @Override
    public void head(Response head) {
        if (head.status() < 400) {
            Fields fields = head.fields();
            cache.purges().changed(key);
            forget(fields.first("location"));
            forget(fields.first("content-location"));
            List<String> groups = fields.all("cache-group-invalidation");
            if (!groups.isEmpty()) {
                cache.purges().groups(key, StoredResponse.groups(groups));
            }
        }
        head.fields().add(CacheStatus.FIELD, CacheStatus.Forward.METHOD.field());
        super.head(head);
    }

    private void forget(@Nullable String reference) {
        CacheKey named = reference == null ? null : key.resolve(reference);
        if (named != null) {
            cache.purges().changed(cache.rules().counted(named));
        }
    }
}
