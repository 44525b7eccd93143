package io.juwsgi.router.spool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;

/** A file without a name into which bytes go at the end, and from which they come from the beginning. Owned by one event loop. */
final class Spool implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Spool.class.getName());

    private final Spools owner;
    private final FileChannel file;
    private long written;
    private long read;
    private boolean closed;

    Spool(Spools owner, FileChannel file) {
        this.owner = owner;
        this.file = file;
    }

    /**
     * Appends bytes, which stay the caller's.
     *
     * @throws IOException when the disk or the quota is full; what was there before is still there
     */
    void append(ByteBuf bytes) throws IOException {
        int count = bytes.readableBytes();
        if (!owner.take(count)) {
            throw new IOException("buffering-quota is used up: " + owner.quota() + " bytes");
        }
        try {
            for (int done = 0; done < count; ) {
                done += bytes.getBytes(bytes.readerIndex() + done, file, written + done, count - done);
            }
        } catch (IOException e) {
            owner.giveBack(count);
            throw e;
        }
        written += count;
    }

    /** Takes up to {@code most} bytes from the beginning; there must be some. */
    ByteBuf take(ByteBufAllocator alloc, int most) throws IOException {
        int count = (int) Math.min(most, written - read);
        ByteBuf part = alloc.directBuffer(count);
        try {
            while (part.writableBytes() > 0 && part.readableBytes() < count) {
                int got = part.writeBytes(file, read + part.readableBytes(), count - part.readableBytes());
                if (got < 0) {
                    throw new EOFException("a file in which a body waits is shorter than it was");
                }
            }
        } catch (IOException e) {
            part.release();
            throw e;
        }
        read += count;
        if (read == written) {
            reuse();
        }
        return part;
    }

    /** Begins anew once all was taken, so that a long response needs no more room than waits at a time. */
    private void reuse() throws IOException {
        file.truncate(0);
        owner.giveBack(written);
        written = 0;
        read = 0;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        owner.giveBack(written);
        try {
            file.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing a file in which a body waited", e);
        }
    }
}
