package io.juwsgi.plugin.staticfiles;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.ResponseSink;
import io.juwsgi.spi.http.Representation;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A file that was opened, with what responses say of it; its bytes when it is small. Several exchanges use it at a time, on
 * any event loop: it counts them, and is closed when the last one and the stock have given it back.
 */
final class OpenFile implements AutoCloseable {
    private final Path asked;
    private final BasicFileAttributes facts;
    private final FileChannel channel;
    private final byte @Nullable [] content;
    private final Representation bytes;
    private final FileTraits traits;
    private final AtomicInteger users = new AtomicInteger(1);
    private volatile long lookedAt = System.nanoTime();
    private volatile boolean touched = true;

    /**
     * Makes one, in use once.
     *
     * @param asked the name by which it was found, links and all
     * @param content its bytes; then the channel is closed already
     */
    OpenFile(Path asked, SafeOpen.Opened opened, byte @Nullable [] content, Representation bytes, FileTraits traits) {
        this.asked = asked;
        this.facts = opened.facts();
        this.channel = opened.channel();
        this.content = content;
        this.bytes = bytes;
        this.traits = traits;
    }

    Representation bytes() {
        return bytes;
    }

    FileTraits traits() {
        return traits;
    }

    /** Returns the name by which the file was found. */
    Path asked() {
        return asked;
    }

    /** Uses it once more; false when it is closed. */
    boolean use() {
        touched = true;
        for (int n = users.get(); n > 0; n = users.get()) {
            if (users.compareAndSet(n, n + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether its name still leads to this file in this state, as seen now or at most {@code nanos} ago. */
    boolean isCurrent(long nanos) {
        long now = System.nanoTime();
        if (nanos > 0 && now - lookedAt < nanos) {
            return true;
        }
        BasicFileAttributes seen = FileFacts.of(asked);
        if (seen == null || !SafeOpen.same(facts, seen)) {
            return false;
        }
        lookedAt = now;
        return true;
    }

    /** Returns whether it was used since this was asked last. */
    boolean wasTouched() {
        boolean was = touched;
        touched = false;
        return was;
    }

    /** Sends a part. Each part is a use that ends when it is sent. */
    void send(ResponseSink sink, long from, long count) {
        byte[] all = content;
        if (all == null) {
            if (use()) {
                sink.file(new FileRegion(channel, from, count, this));
            }
        } else if (count == all.length) {
            sink.data(Chunk.of(all));
        } else {
            sink.data(Chunk.of(Arrays.copyOfRange(all, (int) from, (int) (from + count))));
        }
    }

    /** Ends a use. */
    @Override
    public void close() throws IOException {
        if (users.decrementAndGet() == 0) {
            channel.close();
        }
    }

    /** Ends a use; nothing is lost when that fails. */
    void release() {
        try {
            close();
        } catch (IOException e) {
            System.getLogger(OpenFile.class.getName()).log(System.Logger.Level.DEBUG, "closing " + asked, e);
        }
    }
}
