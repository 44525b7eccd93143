package io.juwsgi.cache.store;

import io.juwsgi.cache.rule.Normalisation;
import io.juwsgi.spi.exchange.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The responses that are stored under one key, the newest first. Immutable.
 *
 * @param responses at most {@link #MOST}, so that a field with endless values, such as User-Agent, does no harm
 */
public record Variants(List<StoredResponse> responses) {
    /** More variants than this are not kept. */
    public static final int MOST = 32;

    /** Returns the newest whole response that was made for such a request (RFC 9111 section 4.1), or null. */
    public @Nullable StoredResponse select(Fields request, Normalisation normalisation) {
        for (int i = 0; i < responses.size(); i++) {
            StoredResponse response = responses.get(i);
            if (response.part() == null && response.variation().matches(request, normalisation)) {
                return response;
            }
        }
        return null;
    }

    /** Returns the newest response of which only a part is there, or null. */
    public @Nullable StoredResponse selectPart(Fields request, Normalisation normalisation) {
        for (int i = 0; i < responses.size(); i++) {
            StoredResponse response = responses.get(i);
            if (response.part() != null && response.variation().matches(request, normalisation)) {
                return response;
            }
        }
        return null;
    }

    /** Returns these with one more, in place of those that were chosen in the same way; a part replaces nothing whole. */
    public Variants with(StoredResponse response) {
        List<StoredResponse> all = new ArrayList<>(responses.size() + 1);
        all.add(response);
        for (StoredResponse older : responses) {
            boolean same =
                    older.variation().equals(response.variation()) && (older.part() != null || response.part() == null);
            if (!same && all.size() < MOST) {
                all.add(older);
            }
        }
        return new Variants(List.copyOf(all));
    }

    /** Returns those that are left without some, null when none is. */
    @Nullable
    Variants without(Predicate<StoredResponse> gone) {
        if (responses.stream().noneMatch(gone)) {
            return this;
        }
        List<StoredResponse> left = responses.stream().filter(gone.negate()).toList();
        return left.isEmpty() ? null : new Variants(left);
    }

    /** Returns these with another response in the place of each one. */
    Variants each(UnaryOperator<StoredResponse> change) {
        return new Variants(responses.stream().map(change).toList());
    }

    /** Returns whether one of them has a body. */
    boolean hasBody(Body body) {
        return responses.stream().anyMatch(response -> response.body().equals(body));
    }

    /** Returns these with more behind them. */
    Variants and(Variants others) {
        List<StoredResponse> all = new ArrayList<>(responses);
        all.addAll(others.responses);
        return new Variants(List.copyOf(all));
    }

    /** Returns how many kilobytes of files they take. */
    int fileKilobytes() {
        long bytes = 0;
        for (StoredResponse response : responses) {
            bytes += response.body().length() + 1024;
        }
        return (int) Math.min(bytes / 1024, Integer.MAX_VALUE);
    }

    long weight() {
        long weight = 0;
        for (StoredResponse response : responses) {
            weight += response.weight();
        }
        return weight;
    }
}
