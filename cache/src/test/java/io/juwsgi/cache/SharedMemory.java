package io.juwsgi.cache;

import io.juwsgi.spi.cache.CacheEntry;
import io.juwsgi.spi.cache.CacheStore;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What several servers of a test share: each has a view of it, and a test takes the connection away. */
final class SharedMemory {
    private final Map<String, CacheEntry> entries = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<View> views = new CopyOnWriteArrayList<>();
    private boolean down;

    View view() {
        View view = new View();
        views.add(view);
        return view;
    }

    void down(boolean value) {
        down = value;
    }

    Map<String, CacheEntry> entries() {
        return entries;
    }

    /** What one server sees. */
    final class View implements CacheStore {
        private Consumer<Removal> listener = removal -> {};

        private <T extends @Nullable Object> CompletionStage<T> done(T value) {
            return down
                    ? CompletableFuture.failedStage(new IllegalStateException("down"))
                    : CompletableFuture.completedStage(value);
        }

        @Override
        public CompletionStage<byte @Nullable []> get(String key) {
            CacheEntry entry = entries.get(key);
            return done(entry == null ? null : entry.content());
        }

        @Override
        public CompletionStage<@Nullable Void> put(String key, CacheEntry entry) {
            if (!down) {
                entries.put(key, entry);
            }
            return done(null);
        }

        private CompletionStage<@Nullable Void> remove(Removal removal, Predicate<Map.Entry<String, CacheEntry>> gone) {
            if (!down) {
                entries.entrySet().removeIf(gone);
                views.stream().filter(view -> view != this).forEach(view -> view.listener.accept(removal));
            }
            return done(null);
        }

        @Override
        public CompletionStage<@Nullable Void> remove(String key) {
            return remove(new Removal.Key(key), entry -> entry.getKey().equals(key));
        }

        @Override
        public CompletionStage<@Nullable Void> removePrefix(String prefix) {
            return remove(new Removal.Prefix(prefix), entry -> entry.getKey().startsWith(prefix));
        }

        @Override
        public CompletionStage<@Nullable Void> removeTagged(String tag) {
            return remove(
                    new Removal.Tagged(tag), entry -> entry.getValue().tags().contains(tag));
        }

        @Override
        public CompletionStage<@Nullable Void> clear() {
            return remove(new Removal.All(), entry -> true);
        }

        @Override
        public AutoCloseable onRemoval(Consumer<Removal> heard) {
            listener = heard;
            return () -> listener = removal -> {};
        }
    }
}
