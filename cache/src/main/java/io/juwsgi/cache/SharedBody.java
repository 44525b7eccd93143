package io.juwsgi.cache;

import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The bytes of a response while they come, read by several clients at their own speed. Thread-safe. */
final class SharedBody {
    private final long limit;
    private final FillMemory memory;
    private final List<byte @Nullable []> parts = new ArrayList<>(4);
    private int dropped;
    private long held;
    private long length;
    private boolean overflows;
    private boolean done;
    private @Nullable Failure failure;
    private @Nullable Fields trailers;
    private Set<String> withheld = Set.of();

    /** Makes an empty one, of which {@code limit} bytes are kept as long as there is memory for them. */
    SharedBody(long limit, FillMemory memory) {
        this.limit = limit;
        this.memory = memory;
    }

    /** Adds bytes, which must not change any more. */
    synchronized void append(byte[] bytes) {
        parts.add(bytes);
        length += bytes.length;
        held += bytes.length;
        boolean room = memory.take(bytes.length);
        overflows |= !room || length > limit;
    }

    /**
     * Adds the fields behind the body.
     *
     * @param secret names, lower case, of those that are for the first client alone
     */
    synchronized void trailers(Fields fields, Set<String> secret) {
        trailers = fields;
        withheld = secret;
    }

    /** Returns the fields behind the body in a new object, null when there are none. */
    synchronized @Nullable Fields trailers(boolean all) {
        Fields from = trailers;
        if (from == null) {
            return null;
        }
        Fields copy = new Fields(from.size());
        for (int i = 0; i < from.size(); i++) {
            if (all || !withheld.contains(from.name(i).toLowerCase(Locale.ROOT))) {
                copy.add(from.name(i), from.value(i));
            }
        }
        return copy;
    }

    /** Says that no more bytes come, and none are missing. */
    synchronized void finish() {
        done = true;
    }

    /** Says why the rest does not come. */
    synchronized void breakOff(Failure why) {
        done = true;
        failure = why;
    }

    /** Returns a part, or null when it has not come. */
    synchronized byte @Nullable [] part(int index) {
        return index < parts.size() ? parts.get(index) : null;
    }

    /** Returns whether whoever has read {@code index} parts has read all there will be. */
    synchronized boolean isEnd(int index) {
        return done && index == parts.size();
    }

    /** Returns why bytes are missing at the end, null when none are. */
    synchronized @Nullable Failure failure() {
        return failure;
    }

    /** Returns whether there were more bytes than are kept: than may be stored, or than there was memory for. */
    synchronized boolean overflows() {
        return overflows;
    }

    /** Returns whether it would have been kept, had there been memory. */
    synchronized boolean crowdedOut() {
        return overflows && length <= limit;
    }

    synchronized long length() {
        return length;
    }

    /** Gives back parts that all have read, once not all can be kept; returns how many bytes are held. */
    synchronized long trim(int readByAll) {
        int gone = overflows ? Math.min(readByAll, parts.size()) : 0;
        for (; dropped < gone; dropped++) {
            byte[] part = parts.set(dropped, null);
            give(part == null ? 0 : part.length);
        }
        return held;
    }

    /** Counts as gone what is held: nobody reads it any more. */
    synchronized void release() {
        give(held);
    }

    private void give(long bytes) {
        held -= bytes;
        memory.give(bytes);
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
