package io.juwsgi.cache;

import io.juwsgi.spi.exchange.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The responses that are stored under one key, the newest first. Immutable.
 *
 * @param responses at most {@link #MOST}, so that a field with endless values, such as User-Agent, does no harm
 */
record Variants(List<StoredResponse> responses) {
    static final int MOST = 32;

    /** Returns the newest response that was made for such a request (RFC 9111 section 4.1), or null. */
    @Nullable
    StoredResponse select(Fields request) {
        for (int i = 0; i < responses.size(); i++) {
            StoredResponse response = responses.get(i);
            if (response.variation().matches(request)) {
                return response;
            }
        }
        return null;
    }

    /** Returns these with one more, in place of those that were chosen in the same way. */
    Variants with(StoredResponse response) {
        List<StoredResponse> all = new ArrayList<>(responses.size() + 1);
        all.add(response);
        for (StoredResponse older : responses) {
            if (!older.variation().equals(response.variation()) && all.size() < MOST) {
                all.add(older);
            }
        }
        return new Variants(List.copyOf(all));
    }

    long weight() {
        long weight = 0;
        for (StoredResponse response : responses) {
            weight += response.weight();
        }
        return weight;
    }
}
