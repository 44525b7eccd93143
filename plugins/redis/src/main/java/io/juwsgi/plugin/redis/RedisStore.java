package io.juwsgi.plugin.redis;

import io.juwsgi.spi.cache.CacheEntry;
import io.juwsgi.spi.cache.CacheStore;
import io.juwsgi.spi.extension.Context;
import io.lettuce.core.ExpireArgs;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Entries in Redis: {@code PREFIXe:KEY} holds the bytes, {@code PREFIXt:TAG} is the set of keys with a tag, {@code PREFIXremoved}
 * is the channel by which servers tell each other what they have removed. Thread-safe.
 */
final class RedisStore implements CacheStore {
    private static final int SCANNED_AT_A_TIME = 1000;

    private final RedisSettings settings;
    private final String self = UUID.randomUUID().toString();
    private final Breaker reads;
    private final Breaker writes;
    private final PendingRemovals pending = new PendingRemovals();
    private final List<Consumer<Removal>> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable RedisLink link;

    RedisStore(RedisSettings settings, Context context) {
        this.settings = settings;
        reads = new Breaker("reading from redis", context.logger(), System::nanoTime);
        writes = new Breaker("writing to redis", context.logger(), System::nanoTime);
    }

    @Override
    public void start() throws IOException {
        link = new RedisLink(settings, bytes("removed"), this::heard, () -> tell(new Removal.All()));
    }

    @Override
    public void close() {
        RedisLink open = link;
        link = null;
        if (open != null) {
            open.close();
        }
    }

    private byte[] bytes(String name) {
        return (settings.prefix() + name).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] entry(String key) {
        return bytes("e:" + key);
    }

    private byte[] tag(String tag) {
        return bytes("t:" + tag);
    }

    private RedisClusterAsyncCommands<byte[], byte[]> redis() {
        RedisLink open = link;
        if (open == null) {
            throw new IllegalStateException("closed");
        }
        return open.commands();
    }

    @Override
    public CompletionStage<byte @Nullable []> get(String key) {
        return afterRemovals(() -> reads.call(() -> redis().get(entry(key))));
    }

    private <T extends @Nullable Object> CompletionStage<T> afterRemovals(Supplier<CompletionStage<T>> call) {
        return pending.isEmpty() ? call.get() : caughtUp().thenCompose(done -> call.get());
    }

    /** Removes what could not be removed before, so that nobody gets it now that Redis is back. */
    private CompletionStage<?> caughtUp() {
        CompletionStage<?> done = CompletableFuture.completedStage(null);
        for (Removal removal : pending.take()) {
            done = both(done, remove(removal));
        }
        return done;
    }

    @Override
    public CompletionStage<@Nullable Void> put(String key, CacheEntry entry) {
        return afterRemovals(() -> writes.call(() -> {
            long millis = entry.lifetime().toMillis();
            RedisClusterAsyncCommands<byte[], byte[]> redis = redis();
            byte[] name = entry(key);
            CompletionStage<?> done = redis.set(name, entry.content(), SetArgs.Builder.px(Math.max(1, millis)));
            for (String tag : entry.tags()) {
                byte[] set = tag(tag);
                // A set lives as long as the longest of its entries.
                done = both(done, redis.sadd(set, name));
                done = both(done, redis.pexpire(set, millis, ExpireArgs.Builder.nx()));
                done = both(done, redis.pexpire(set, millis, ExpireArgs.Builder.gt()));
            }
            return done.thenApply(value -> null);
        }));
    }

    private static CompletionStage<?> both(CompletionStage<?> one, CompletionStage<?> other) {
        return one.thenCombine(other, (left, right) -> left);
    }

    @Override
    public CompletionStage<@Nullable Void> remove(Removal removal) {
        return remove(removal, removal);
    }

    @Override
    public CompletionStage<@Nullable Void> expire(Removal removal) {
        return remove(removal, new Removal.Expired(removal));
    }

    /** Removes and then tells: whoever hears of it finds nothing any more. */
    private CompletionStage<@Nullable Void> remove(Removal removal, Removal told) {
        return writes.<@Nullable Void>call(() -> {
                    RedisClusterAsyncCommands<byte[], byte[]> redis = redis();
                    byte[] message = new RemovalMessage(self, told).bytes();
                    return removed(redis, removal)
                            .thenCompose(done -> redis.publish(bytes("removed"), message))
                            .thenApply(count -> null);
                })
                .whenComplete((done, thrown) -> {
                    if (thrown != null) {
                        pending.add(removal);
                    } else if (removal instanceof Removal.All) {
                        pending.take();
                    }
                });
    }

    private CompletionStage<?> removed(RedisClusterAsyncCommands<byte[], byte[]> redis, Removal removal) {
        return switch (removal) {
            case Removal.Key(String key) -> redis.unlink(entry(key));
            case Removal.Prefix(String prefix) -> removeAll(redis, settings.prefix() + "e:" + prefix);
            case Removal.Tagged(String tag) -> {
                byte[] set = tag(tag);
                yield redis.smembers(set)
                        .thenCompose(members -> unlink(redis, members))
                        .thenCompose(done -> redis.unlink(set));
            }
            case Removal.All() ->
                removeAll(redis, settings.prefix() + "e:")
                        .thenCompose(done -> removeAll(redis, settings.prefix() + "t:"));
            case Removal.Expired(Removal what) -> removed(redis, what);
        };
    }

    private static CompletionStage<?> removeAll(RedisClusterAsyncCommands<byte[], byte[]> redis, String prefix) {
        ScanArgs args = ScanArgs.Builder.limit(SCANNED_AT_A_TIME).match(literally(prefix) + "*");
        return redis.scan(args).thenCompose(cursor -> removeScanned(redis, args, cursor));
    }

    private static CompletionStage<?> removeScanned(
            RedisClusterAsyncCommands<byte[], byte[]> redis, ScanArgs args, KeyScanCursor<byte[]> cursor) {
        CompletionStage<?> removed = unlink(redis, cursor.getKeys());
        return cursor.isFinished()
                ? removed
                : removed.thenCompose(done -> redis.scan((ScanCursor) cursor, args))
                        .thenCompose(next -> removeScanned(redis, args, next));
    }

    private static CompletionStage<?> unlink(RedisClusterAsyncCommands<byte[], byte[]> redis, Collection<byte[]> keys) {
        return keys.isEmpty() ? CompletableFuture.completedStage(0L) : redis.unlink(keys.toArray(new byte[0][]));
    }

    /** Returns a text as a pattern of SCAN that matches only it. */
    static String literally(String text) {
        StringBuilder pattern = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ("*?[]\\^-".indexOf(c) >= 0) {
                pattern.append('\\');
            }
            pattern.append(c);
        }
        return pattern.toString();
    }

    @Override
    public AutoCloseable onRemoval(Consumer<Removal> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void heard(byte[] bytes) {
        RemovalMessage message = RemovalMessage.of(bytes);
        if (message != null && !message.sender().equals(self)) {
            tell(message.removal());
        }
    }

    private synchronized void tell(Removal removal) {
        listeners.forEach(listener -> listener.accept(removal));
    }
}
