package io.juwsgi.spi.cache;

import io.juwsgi.spi.extension.LifeCycle;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A second level behind the memory of one server: larger, slower, mostly shared with other servers. A component gets it by
 * its extension's id from {@link io.juwsgi.spi.extension.Context#named}. Thread-safe.
 *
 * <p>No method blocks or throws, whatever state the store is in: they are called on event loops, and a store that cannot
 * be reached is as good as an empty one. A stage that fails says that; nobody is asked again because of it. A store that is slow
 * gives up by itself, within a time that its settings name, and one that was found to be down is not waited for with
 * each call. The stages complete on any thread.
 *
 * <p>Keys are texts of 1 to 8192 chars, URLs mostly; they are compared exactly.
 */
public interface CacheStore extends LifeCycle {

    /**
     * Looks an entry up.
     *
     * @return its bytes, not to be changed; null when there is none, or its lifetime is over
     */
    CompletionStage<byte @Nullable []> get(String key);

    /** Keeps an entry, in place of what was there under its key. It may be dropped at any time. */
    CompletionStage<@Nullable Void> put(String key, CacheEntry entry);

    /** Removes entries, and tells all servers that share the store. */
    CompletionStage<@Nullable Void> remove(Removal removal);

    /**
     * Removes entries from the store like {@link #remove}, but tells the other servers that they are out of date: their
     * listeners get {@link Removal.Expired}, and may keep their own copies as such. A store that cannot say so has them
     * removed.
     */
    default CompletionStage<@Nullable Void> expire(Removal removal) {
        return remove(removal);
    }

    /**
     * Listens for what other servers remove. Removals of this one are not told. Whatever may have been missed, because the
     * connection was lost for a while, is told as {@link Removal.All}.
     *
     * @param listener called on any thread, one call at a time; it must not block
     * @return ends the listening; closed once
     */
    AutoCloseable onRemoval(Consumer<Removal> listener);

    /** What is removed. */
    sealed interface Removal {

        /** One entry. */
        record Key(String key) implements Removal {}

        /** All entries whose keys begin so. */
        record Prefix(String prefix) implements Removal {}

        /** All entries with a tag. */
        record Tagged(String tag) implements Removal {}

        /** All entries, or nobody knows which. */
        record All() implements Removal {}

        /**
         * Entries that are gone from the store, and out of date wherever there is a copy. Only listeners get it.
         *
         * @param what the entries
         */
        record Expired(Removal what) implements Removal {
            /** Takes what is in another one out of it. */
            public Expired {
                what = what instanceof Expired(Removal inner) ? inner : what;
            }
        }
    }
}
