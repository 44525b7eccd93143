package io.juwsgi.spi.http;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the bytes that a response may carry.
 *
 * @param size how many bytes there are
 * @param modified when they were changed last, in seconds since 1970
 * @param lastModified the same as the Last-Modified field has it
 * @param etag the entity tag with its quotes, a strong one; null for none
 * @param type the media type; null when it is not known
 */
public record Representation(
        long size,
        long modified,
        String lastModified,
        @Nullable String etag,
        @Nullable String type) {

    /** Makes one whose Last-Modified follows from {@code modified}. */
    public static Representation of(long size, long modified, @Nullable String etag, @Nullable String type) {
        return new Representation(size, modified, HttpDates.of(modified), etag, type);
    }
}
