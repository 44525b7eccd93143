package io.juwsgi.spi.exchange;

import java.nio.channels.FileChannel;

/**
 * Part of an open file.
 *
 * @param channel the open file, owned by whoever holds the region
 * @param position the offset of the first byte
 * @param count how many bytes
 */
public record FileRegion(FileChannel channel, long position, long count) {

    public FileRegion {
        if (position < 0 || count < 0) {
            throw new IllegalArgumentException(
                    "file region: position " + position + ", count " + count + " (expected: >= 0)");
        }
    }
}
