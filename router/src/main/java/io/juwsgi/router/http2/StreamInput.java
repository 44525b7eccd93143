package io.juwsgi.router.http2;

import io.juwsgi.router.exchange.BadRequestException;
import io.juwsgi.router.exchange.BodyIntake;
import io.juwsgi.router.exchange.BodySource;
import io.juwsgi.router.exchange.InboundBody;
import io.juwsgi.router.exchange.Limits;
import io.juwsgi.router.exchange.Pace;
import io.juwsgi.router.exchange.ServerExchange;
import io.juwsgi.router.exchange.ServerRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * What comes in on one stream behind the request's head: the body as the handler takes it, then its trailers. Owned by its
 * connection's event loop.
 *
 * <p>What the handler has not taken is not given back to the client's window, so that a client sends no more than that
 * ahead.
 */
final class StreamInput implements BodySource {
    private final RequestStream owner;
    private final MultiplexConnection connection;
    private final Http2Stream stream;
    private final ServerRequest request;
    private final FrameBody decoder;
    private final BodyIntake intake;
    private final boolean paced;
    private final Pace pace = new Pace();
    private @Nullable ByteBuf input;
    private boolean pumping;
    private boolean closed;
    private long lastInput;

    /**
     * Makes it.
     *
     * @param length the length of the body, -1 when only its end will tell
     * @throws BadRequestException when the body says that it will be too large
     */
    StreamInput(RequestStream owner, Http2Stream stream, ServerRequest request, long length)
            throws BadRequestException {
        this.owner = owner;
        this.connection = owner.connection();
        this.stream = stream;
        this.request = request;
        this.paced = !request.converses();
        this.lastInput = owner.now();
        decoder = new FrameBody(length);
        intake = new BodyIntake(this, decoder, connection.channel().alloc(), limits().bodyBytes());
    }

    private Limits limits() {
        return connection.front().limits();
    }

    /** Returns a body of which nothing was gathered. */
    InboundBody streamed() {
        return intake.streamed();
    }

    /**
     * Takes data of the body.
     *
     * @param last whether it is the end of the body
     * @return how many bytes the client may send again for what was taken
     */
    int data(ByteBuf bytes, boolean last) {
        int size = bytes.readableBytes();
        if (closed) {
            return size;
        }
        lastInput = owner.now();
        pace.moved(size);
        decoder.arrived(size, last);
        int before = kept();
        append(bytes);
        pump();
        return before + size - kept();
    }

    /** Takes the fields behind the body, and with them its end. */
    void trailers(Http2Headers fields) {
        if (closed) {
            return;
        }
        try {
            decoder.trailers(RequestHeaders.trailers(fields, limits()));
            int _ = data(Unpooled.EMPTY_BUFFER, true);
        } catch (BadRequestException e) {
            owner.refuse(e.failure());
        }
    }

    private void append(ByteBuf bytes) {
        if (!bytes.isReadable()) {
            return;
        }
        ByteBuf old = input;
        if (old == null) {
            input = bytes.retain();
            return;
        }
        // Anew, since parts that were handed out may be slices of the old.
        ByteBuf both = connection.channel().alloc().directBuffer(old.readableBytes() + bytes.readableBytes());
        both.writeBytes(old).writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
        old.release();
        input = both;
    }

    private int kept() {
        return input == null ? 0 : input.readableBytes();
    }

    private void pump() {
        if (pumping || closed) {
            return;
        }
        pumping = true;
        try {
            take();
        } catch (BadRequestException e) {
            owner.refuse(e.failure());
        } catch (RuntimeException e) {
            owner.bug(e);
        } finally {
            pumping = false;
        }
        if (closed || kept() == 0) {
            dropInput();
        }
    }

    private void take() throws BadRequestException {
        ByteBuf in = input == null ? Unpooled.EMPTY_BUFFER : input;
        if (owner.exchange() == null) {
            InboundBody body = intake.gather(in);
            if (body == null) {
                return;
            }
            if (intake.done()) {
                request.bodyLength(intake.received());
            }
            owner.dispatch(body);
        }
        ServerExchange current = owner.exchange();
        while (!closed
                && current != null
                && current.inbound().wanted()
                && intake.stream(in, current.inbound(), current.request())) {
            // One part after the other.
        }
    }

    @Override
    public void bodyWanted() {
        lastInput = owner.now();
        connection.watch();
        if (pumping) {
            return;
        }
        int before = kept();
        pump();
        connection.consumed(stream, before - kept());
    }

    private void dropInput() {
        if (input != null) {
            input.release();
            input = null;
        }
    }

    /** Returns whether the client is to send more of the body now. */
    boolean awaited() {
        if (closed || intake.done()) {
            return false;
        }
        ServerExchange current = owner.exchange();
        return current == null || current.inbound().wanted();
    }

    /** Returns when something came last, or was asked for, in milliseconds. */
    long lastInput() {
        return lastInput;
    }

    /** Counts time; returns whether the body comes too slowly. */
    boolean tooSlow(long millis) {
        return paced && awaited() && pace.tooSlow(millis, limits().bodyRate());
    }

    /** Takes nothing more. */
    void close() {
        closed = true;
        if (!pumping) {
            dropInput();
        }
        intake.release();
    }
}
