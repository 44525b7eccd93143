package io.juwsgi.cache;

import io.juwsgi.spi.cache.CacheEntry;
import io.juwsgi.spi.cache.CacheStore;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
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

        private CompletionStage<@Nullable Void> remove(Removal removal, Removal told) {
            if (!down) {
                entries.entrySet().removeIf(entry -> concerns(removal, entry.getKey(), entry.getValue()));
                views.stream().filter(view -> view != this).forEach(view -> view.listener.accept(told));
            }
            return done(null);
        }

        private static boolean concerns(Removal removal, String key, CacheEntry entry) {
            return switch (removal) {
                case Removal.Key(String one) -> key.equals(one);
                case Removal.Prefix(String prefix) -> key.startsWith(prefix);
                case Removal.Tagged(String tag) -> entry.tags().contains(tag);
                case Removal.All() -> true;
                case Removal.Expired(Removal what) -> concerns(what, key, entry);
            };
        }

        @Override
        public CompletionStage<@Nullable Void> remove(Removal removal) {
            return remove(removal, removal);
        }

        @Override
        public CompletionStage<@Nullable Void> expire(Removal removal) {
            return remove(removal, new Removal.Expired(removal));
        }

        @Override
        public AutoCloseable onRemoval(Consumer<Removal> heard) {
            listener = heard;
            return () -> listener = removal -> {};
        }
    }
}
