package io.juwsgi.spi.exchange;

import java.nio.ByteBuffer;

/** A chunk over an array; the garbage collector takes it back. */
final class HeapChunk implements Chunk {
    private final byte[] bytes;

    HeapChunk(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public int size() {
        return bytes.length;
    }

    @Override
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    @Override
    public void release() {
        // Nothing to give back.
    }
}
