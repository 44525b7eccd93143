package io.juwsgi.spi.exchange;

import java.nio.channels.FileChannel;

/**
 * Part of an open file. Whoever holds a region hands it on or {@linkplain #close closes} it, once.
 *
 * @param channel the open file
 * @param position the offset of the first byte
 * @param count how many bytes
 * @param owner what is closed when the region is: the channel itself, or what lends it to several regions at a time
 */
public record FileRegion(FileChannel channel, long position, long count, AutoCloseable owner) {
    private static final System.Logger LOG = System.getLogger(FileRegion.class.getName());

    public FileRegion {
        if (position < 0 || count < 0) {
            throw new IllegalArgumentException(
                    "file region: position " + position + ", count " + count + " (expected: >= 0)");
        }
    }

    /** Makes a region that has its channel for itself. */
    public FileRegion(FileChannel channel, long position, long count) {
        this(channel, position, count, channel);
    }

    /** Gives the file back. A file that was only read loses nothing by that, whatever happens: it is told in the log alone. */
    public void close() {
        try {
            owner.close();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.DEBUG, "closing a file", e);
        }
    }
}
