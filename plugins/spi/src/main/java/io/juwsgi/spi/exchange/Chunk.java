package io.juwsgi.spi.exchange;

import java.nio.ByteBuffer;

/** Some bytes of a body. Whoever holds a chunk either hands it on or releases it, once. */
public interface Chunk {

    /** Returns how many bytes there are. */
    int size();

    /** Returns the bytes as a read-only buffer, valid until {@link #release}. */
    ByteBuffer bytes();

    /** Gives the memory back. */
    void release();

    /** Returns a chunk over {@code bytes}, which must not change any more. */
    static Chunk of(byte[] bytes) {
        return new HeapChunk(bytes);
    }
}
