package io.juwsgi.plugin.redis;

import io.juwsgi.spi.balance.FleetLimits;
import io.juwsgi.spi.extension.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** This gateway among those that share limits through Redis: {@code fleet = redis}. Thread-safe. */
final class RedisFleet implements FleetLimits {
    /** How long the end of the server waits until its shares are given back. */
    private static final long GOODBYE_MILLIS = 1000;

    private record Key(String upstream, String endpoint) {}

    private final FleetSettings settings;
    private final RedisSettings redis;
    private final Breaker breaker;
    /** A new one each time: a server that starts again holds nothing of what it had. */
    private final String self = UUID.randomUUID().toString();
    /** What was given to this gateway. */
    private final Set<Key> given = ConcurrentHashMap.newKeySet();

    /** What is being given back. */
    private final Map<Key, CompletableFuture<Long>> goodbyes = new ConcurrentHashMap<>();

    private volatile @Nullable ShareTable table;

    RedisFleet(FleetSettings settings, Context context) {
        this.settings = settings;
        this.redis = RedisSettings.of(context.settings());
        this.breaker = new Breaker(
                "sharing limits through redis", "so shares stay as they are", context.logger(), System::nanoTime);
    }

    @Override
    public void start() throws IOException {
        table = ShareTable.open(redis);
    }

    @Override
    public Duration interval() {
        return settings.interval();
    }

    private ShareTable table() {
        ShareTable open = table;
        if (open == null) {
            throw new IllegalStateException("closed");
        }
        return open;
    }

    @Override
    public CompletionStage<Integer> claim(Claim claim) {
        Key key = new Key(claim.upstream(), claim.endpoint());
        return breaker.call(() -> table().claim(self, claim, given.contains(key), settings.ttl())
                .thenApply(share -> {
                    given.add(key);
                    return share;
                }));
    }

    @Override
    public CompletionStage<@Nullable Void> release(String upstream, String endpoint) {
        Key key = new Key(upstream, endpoint);
        given.remove(key);
        CompletableFuture<Long> goodbye =
                breaker.call(() -> table().release(self, upstream, endpoint)).toCompletableFuture();
        goodbyes.put(key, goodbye);
        return goodbye.whenComplete((count, thrown) -> goodbyes.remove(key)).thenApply(count -> null);
    }

    @Override
    public void close() {
        ShareTable open = table;
        if (open == null) {
            return;
        }
        for (Key key : List.copyOf(given)) {
            var _ = release(key.upstream(), key.endpoint());
        }
        CompletableFuture.allOf(goodbyes.values().toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, GOODBYE_MILLIS, TimeUnit.MILLISECONDS)
                .handle((done, thrown) -> null)
                .join();
        table = null;
        open.close();
    }
}
