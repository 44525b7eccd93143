package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.http.Trailers;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A request body between the connection that fills it and the handler that reads it. Owned by the connection's event loop.
 *
 * <p>What was buffered before the handler was called is kept here; later data passes through only when it is
 * {@link #wanted}, so that an unread body stays in the socket.
 */
public final class InboundBody implements RequestBody {
    private static final Fields NONE = new Fields(0);

    private final BodySource source;
    private final long length;
    private @Nullable ByteBuf buffered;
    private @Nullable Receiver receiver;
    private boolean paused;
    private boolean complete;
    private boolean closed;
    private Fields trailers = NONE;

    /**
     * Makes a body.
     *
     * @param source hears when data is wanted
     * @param length the length in bytes, -1 when unknown
     * @param buffered the first bytes, owned by the body from here on
     * @param complete whether that is all
     */
    public InboundBody(BodySource source, long length, @Nullable ByteBuf buffered, boolean complete) {
        this.source = source;
        this.length = length;
        this.buffered = buffered;
        this.complete = complete;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public Fields trailers() {
        return trailers.size() == 0 ? new Fields(0) : trailers;
    }

    /** Takes the fields behind the body, before its end; those that may not stand there are dropped. */
    void trailers(Fields came) {
        Fields permitted = Trailers.permitted(came);
        trailers = new Fields(permitted.size());
        for (int i = 0; i < permitted.size(); i++) {
            // With an underscore its CGI name would be that of a field with dashes.
            if (permitted.name(i).indexOf('_') < 0) {
                trailers.add(permitted.name(i), permitted.value(i));
            }
        }
    }

    @Override
    public void read(Receiver receiver) {
        if (this.receiver != null) {
            throw new IllegalStateException("request body: read for the second time (expected: once)");
        }
        this.receiver = receiver;
        if (closed) {
            receiver.failed(Failure.client(400, "body-closed", "The request body is no longer available."));
            return;
        }
        ByteBuf first = buffered;
        buffered = null;
        if (first != null) {
            receiver.data(new NettyChunk(first));
        }
        if (complete) {
            receiver.end();
        } else {
            source.bodyWanted();
        }
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        if (paused) {
            paused = false;
            if (wanted()) {
                source.bodyWanted();
            }
        }
    }

    /** Returns whether the handler takes data now. */
    public boolean wanted() {
        return receiver != null && !paused && !complete && !closed;
    }

    /** Returns whether the handler has begun to read. */
    public boolean reading() {
        return receiver != null;
    }

    /** Returns whether all of the body has been taken from the connection. */
    public boolean complete() {
        return complete;
    }

    /** Hands over the next bytes, which the body owns from here on. */
    public void data(ByteBuf bytes) {
        Receiver to = receiver;
        if (to == null || closed) {
            bytes.release();
        } else {
            to.data(new NettyChunk(bytes));
        }
    }

    /** Says that nothing more comes. */
    public void end() {
        complete = true;
        if (receiver != null && !closed) {
            receiver.end();
        }
    }

    /** Says that the rest will not come. */
    public void fail(Failure failure) {
        if (!closed && !complete) {
            close();
            if (receiver != null) {
                receiver.failed(failure);
            }
        }
    }

    /** Drops what nobody read; the handler hears nothing more. */
    void close() {
        closed = true;
        if (buffered != null) {
            buffered.release();
            buffered = null;
        }
    }
}
