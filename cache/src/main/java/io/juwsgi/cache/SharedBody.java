package io.juwsgi.cache;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes of a response while they come, read by several clients at their own speed. Thread-safe. */
final class SharedBody {
    private final long limit;
    private final List<byte @Nullable []> parts = new ArrayList<>(4);
    private int dropped;
    private long droppedBytes;
    private long length;
    private boolean done;
    private boolean failed;

    /** Makes an empty one, of which {@code limit} bytes are kept. */
    SharedBody(long limit) {
        this.limit = limit;
    }

    /** Adds bytes, which must not change any more. */
    synchronized void append(byte[] bytes) {
        parts.add(bytes);
        length += bytes.length;
    }

    /** Says that no more bytes come; {@code complete} is false when some are missing. */
    synchronized void finish(boolean complete) {
        done = true;
        failed = !complete;
    }

    /** Returns a part, or null when it has not come. */
    synchronized byte @Nullable [] part(int index) {
        return index < parts.size() ? parts.get(index) : null;
    }

    /** Returns whether whoever has read {@code index} parts has read all there will be. */
    synchronized boolean isEnd(int index) {
        return done && index == parts.size();
    }

    synchronized boolean failed() {
        return failed;
    }

    /** Returns whether there were more bytes than are kept. */
    synchronized boolean overflows() {
        return length > limit;
    }

    synchronized long length() {
        return length;
    }

    /** Gives back parts that all have read, once not all can be kept; returns how many bytes are held. */
    synchronized long trim(int readByAll) {
        if (length > limit) {
            for (; dropped < readByAll; dropped++) {
                byte[] part = parts.set(dropped, null);
                droppedBytes += part == null ? 0 : part.length;
            }
        }
        return length - droppedBytes;
    }

    /** Returns all bytes; only before {@link #trim} is called when {@link #overflows}. */
    synchronized byte[] whole() {
        byte[] only = parts.size() == 1 ? parts.getFirst() : null;
        if (only != null) {
            return only;
        }
        byte[] all = new byte[Math.toIntExact(length)];
        int at = 0;
        for (byte[] part : parts) {
            if (part != null) {
                System.arraycopy(part, 0, all, at, part.length);
                at += part.length;
            }
        }
        return all;
    }
}
