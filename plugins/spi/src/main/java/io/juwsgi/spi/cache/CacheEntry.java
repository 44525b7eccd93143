package io.juwsgi.spi.cache;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;

/** What a {@link CacheStore} holds under a key: bytes that it does not look at. Immutable. */
public final class CacheEntry {
    private final byte[] content;
    private final Duration lifetime;
    private final Set<String> tags;

    /**
     * Makes an entry.
     *
     * @param content the bytes, not to be changed any more; what they mean, their version included, is the matter of whoever
     *     puts them
     * @param lifetime for how long the store is to keep it, more than 0; it may keep it shorter
     * @param tags by which it may be removed; none of them empty
     * @throws IllegalArgumentException when the lifetime is not more than 0 or a tag is empty
     */
    public CacheEntry(byte[] content, Duration lifetime, Set<String> tags) {
        if (lifetime.isNegative() || lifetime.isZero()) {
            throw new IllegalArgumentException("lifetime: " + lifetime + " (expected: more than 0)");
        }
        if (tags.contains("")) {
            throw new IllegalArgumentException("tags: an empty one (expected: none)");
        }
        this.content = content;
        this.lifetime = lifetime;
        this.tags = Set.copyOf(tags);
    }

    /** Returns the bytes, not to be changed. */
    public byte[] content() {
        return content;
    }

    /** Returns for how long the store is to keep it. */
    public Duration lifetime() {
        return lifetime;
    }

    /** Returns the tags by which it may be removed. */
    public Set<String> tags() {
        return tags;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CacheEntry entry
                && Arrays.equals(content, entry.content)
                && lifetime.equals(entry.lifetime)
                && tags.equals(entry.tags);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(content), lifetime, tags);
    }
}
