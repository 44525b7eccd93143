package io.juwsgi.router.upstream;

import io.juwsgi.router.exchange.Limits;
import io.juwsgi.router.exchange.NettyChunk;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.RequestBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * A request's body on its way to an upstream: gathered when it is short, so that it can be sent again, and when its length
 * must be known; streamed otherwise. Owned by the exchange's event loop.
 */
final class CallBody implements RequestBody.Receiver {
    /** The most that is gathered to find out the length of a body, in bytes. */
    private static final int MEASURED = 1024 * 1024;

    private final RequestBody body;
    private final UpstreamCall call;
    private long length;
    private @Nullable CompositeByteBuf gathered;
    private @Nullable CallLink to;
    private boolean whole;
    private boolean streaming;
    private boolean paused;
    private boolean complete;
    private boolean forgotten;

    CallBody(RequestBody body, UpstreamCall call) {
        this.body = body;
        this.call = call;
        this.length = body.length();
    }

    /**
     * Begins; the call hears when it is time to look for an endpoint.
     *
     * @param mayStream whether every endpoint takes a body of unknown length
     */
    void begin(boolean mayStream) {
        if (length == 0) {
            whole = true;
            complete = true;
            call.bodyReady();
        } else if (length > Limits.BUFFERED_BODY || (length < 0 && mayStream)) {
            call.bodyReady();
        } else {
            gathered = Unpooled.compositeBuffer(64);
            body.read(this);
        }
    }

    /** Returns the length in bytes, -1 when it is not known. */
    long length() {
        return length;
    }

    /** Returns whether it can be sent from its beginning, also once more. */
    boolean isWhole() {
        return whole || !streaming;
    }

    /** Returns whether it is there as a whole, so that it can be sent to two at a time. */
    boolean isReplayable() {
        return whole;
    }

    /** Returns a gathered body for one try, which owns it; null when there is none or it streams. */
    @Nullable
    ByteBuf whole() {
        return whole && gathered != null ? gathered.retainedDuplicate() : null;
    }

    /** Returns the fields behind a body that is complete; empty when there are none or they are not known yet. */
    Fields trailers() {
        return complete ? body.trailers() : new Fields(0);
    }

    /**
     * Sends what did not go with the head: a body that was not gathered streams, one that was may have no end yet.
     *
     * @param connection has got the head
     * @param ended whether the head told the end of a body that is whole
     */
    void rest(CallLink connection, boolean ended) {
        if (whole && !ended) {
            connection.bodyEnd(trailers());
        } else if (!whole) {
            to = connection;
            streaming = true;
            body.read(this);
        }
    }

    /** Returns whether the next step is the client's. */
    boolean waitsForClient() {
        return streaming && !complete && !paused;
    }

    /** The connection takes more. */
    void resume() {
        if (paused) {
            paused = false;
            body.resume();
        }
    }

    @Override
    public void data(Chunk chunk) {
        ByteBuf bytes = NettyChunk.buffer(chunk);
        CallLink open = to;
        CompositeByteBuf gathering = gathered;
        if (forgotten) {
            bytes.release();
        } else if (open != null) {
            if (!open.body(bytes)) {
                paused = true;
                body.pause();
            }
        } else if (gathering != null) {
            gathering.addComponent(true, bytes);
            if (gathering.readableBytes() > MEASURED) {
                call.bodyFailed(Failure.client(
                        411, "length-required", "The length of this request's body must be known beforehand."));
            }
        } else {
            bytes.release();
        }
    }

    @Override
    public void end() {
        complete = true;
        CallLink open = to;
        CompositeByteBuf gathering = gathered;
        if (forgotten) {
            return;
        }
        if (open != null) {
            open.bodyEnd(trailers());
        } else if (gathering != null) {
            whole = true;
            length = gathering.readableBytes();
            call.bodyReady();
        }
    }

    @Override
    public void failed(Failure failure) {
        if (!forgotten) {
            call.bodyFailed(failure);
        }
    }

    /** It will not be sent from its beginning any more. */
    void forget() {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }

    /** Nothing of it is needed any more. */
    void close() {
        forget();
        forgotten = true;
        to = null;
    }
}
