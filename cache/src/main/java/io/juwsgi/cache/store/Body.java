package io.juwsgi.cache.store;

import java.nio.file.Path;

/** Where the bytes of a stored response are. Immutable. */
public sealed interface Body {
    /** No bytes. */
    Body NONE = new Bytes(new byte[0]);

    /** Returns how many bytes there are. */
    long length();

    /**
     * In memory.
     *
     * @param array not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Bytes(byte[] array) implements Body {
        @Override
        public long length() {
            return array.length;
        }
    }

    /**
     * At the end of a file.
     *
     * @param offset where the body begins, behind the stored head
     */
    record InFile(Path file, long offset, long length) implements Body {}
}
