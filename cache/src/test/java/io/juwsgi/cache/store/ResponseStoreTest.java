package io.juwsgi.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cache.rule.CacheControl;
import io.juwsgi.cache.rule.Freshness;
import io.juwsgi.cache.rule.Variation;
import io.juwsgi.spi.exchange.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The store between several event loops. */
class ResponseStoreTest {
    private static final CacheKey KEY = new CacheKey("http", "example.org", "/", "/", "");

    private final ResponseStore store = new ResponseStore(1 << 20);

    private static StoredResponse version(int status) {
        Freshness minute = Freshness.of(
                Fields.of("Cache-Control", "max-age=60"),
                null,
                CacheControl.ofResponse(Fields.of("Cache-Control", "max-age=60")),
                0,
                0);
        return StoredResponse.of(status, "", Fields.of(), Variation.NONE, minute);
    }

    @Test
    void nothingOlderThanAnInvalidationIsSeenAfterItWhateverTheThreadsDo() throws Exception {
        AtomicInteger current = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        List<Thread> loops = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            loops.add(Thread.ofPlatform().start(() -> {
                while (!done.get()) {
                    long generation = store.generation(KEY);
                    store.put(KEY, version(current.get()), generation);
                }
            }));
        }
        List<Integer> old = new ArrayList<>();
        for (int i = 1; i <= 5000; i++) {
            current.set(i);
            store.invalidate(KEY);
            Variants seen = store.get(KEY);
            if (seen != null && seen.responses().getFirst().status() < i) {
                old.add(i);
            }
        }
        done.set(true);
        for (Thread loop : loops) {
            loop.join();
        }
        assertThat(old).isEmpty();
    }

    @Test
    void anInvalidationConcernsItsOwnKey() {
        CacheKey other = new CacheKey("http", "example.org", "/other", "/other", "");
        long generation = store.generation(other);
        store.invalidate(KEY);
        store.put(other, version(1), generation);
        assertThat(store.get(other)).isNotNull();
        assertThat(store.get(KEY)).isNull();
    }
}
