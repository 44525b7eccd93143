package io.juwsgi.router.chain;

import io.juwsgi.router.exchange.Room;
import io.juwsgi.router.exchange.StatusText;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A response as a stream. Written on the handler's thread; one buffer at a time is on its way to the event loop, which says
 * when there is room for the next.
 */
final class BlockingOutput extends OutputStream {
    private static final int BUFFER = 16 * 1024;

    private final Exchange exchange;
    private final Room room = new Room();
    /** The writer's own. */
    private byte[] buffer = new byte[1024];

    private int count;
    private int status = 200;
    private final Fields fields = new Fields();
    private final Fields trailers = new Fields(0);
    private boolean headSent;
    private boolean closed;

    BlockingOutput(Exchange exchange) {
        this.exchange = exchange;
    }

    // ---- on the event loop

    void exchangeEnded() {
        room.clientGone();
    }

    private void deliver(@Nullable Response head, byte[] bytes, boolean last) {
        if (exchange.ended()) {
            return;
        }
        if (head != null) {
            exchange.response().onWritable(room::again);
            exchange.response().head(head);
        }
        if (bytes.length > 0) {
            exchange.response().data(Chunk.of(bytes));
        }
        if (last) {
            if (trailers.size() > 0) {
                exchange.response().trailers(trailers);
            }
            exchange.response().end();
        } else if (exchange.response().writable()) {
            room.again();
        }
    }

    // ---- on the handler's thread

    /** Returns whether the response's head is on its way. */
    boolean headSent() {
        return headSent;
    }

    /** Returns whether nothing that is written reaches the client any more. */
    boolean gone() {
        return room.isClientGone();
    }

    /** Returns whether the response was given whole. */
    boolean complete() {
        return closed;
    }

    void status(int status) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status: " + status + " (expected: 200 to 599)");
        }
        if (headSent) {
            throw new IllegalStateException("status: " + status + " after the head with " + this.status);
        }
        this.status = status;
    }

    Fields fields() {
        return fields;
    }

    /** Returns what goes out behind the body; read on the event loop once the writer has closed. */
    Fields trailers() {
        return trailers;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        if (closed) {
            throw new IOException("the response is complete");
        }
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, BUFFER - count);
            if (count + part > buffer.length) {
                buffer = Arrays.copyOf(buffer, BUFFER);
            }
            System.arraycopy(from, offset + done, buffer, count, part);
            count += part;
            done += part;
            if (count == BUFFER) {
                send(false);
            }
        }
    }

    @Override
    public void flush() throws IOException {
        if (!closed && (count > 0 || !headSent)) {
            send(false);
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            send(true);
            closed = true;
        }
    }

    /** Forgets what was not sent; nothing can be written any more. */
    void abandon() {
        count = 0;
        closed = true;
    }

    private void send(boolean last) throws IOException {
        room.take();
        byte[] bytes = Arrays.copyOf(buffer, count);
        count = 0;
        Response head = headSent ? null : new Response(status, StatusText.of(status), fields);
        headSent = true;
        exchange.eventLoop().execute(() -> deliver(head, bytes, last));
    }
}
