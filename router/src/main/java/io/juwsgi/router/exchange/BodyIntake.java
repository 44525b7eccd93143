package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes one request's body off a connection: gathers its beginning, hands the rest on while the handler wants it, or skips
 * it. Owned by the connection's event loop.
 *
 * <p>Bodies of up to {@link Limits#BUFFERED_BODY} bytes are gathered whole, so that a slow client holds no worker; of larger
 * ones as much is gathered, and the rest streams.
 */
public final class BodyIntake {
    private static final int FIRST_SIZE = 1024;

    private final BodySource source;
    private final BodyDecoder decoder;
    private final ByteBufAllocator alloc;
    private final long limit;
    private final long length;
    private final long enough;
    private @Nullable ByteBuf gathered;
    private long received;

    /**
     * Makes an intake.
     *
     * @param source hears what the handler wants
     * @param decoder of this body alone
     * @param limit the largest body, in bytes
     * @throws BadRequestException when the body says that it will be larger
     */
    public BodyIntake(BodySource source, BodyDecoder decoder, ByteBufAllocator alloc, long limit)
            throws BadRequestException {
        this.source = source;
        this.decoder = decoder;
        this.alloc = alloc;
        this.limit = limit;
        this.length = decoder.rest();
        // One more of an unknown length, whose end may follow directly behind the last byte that is gathered.
        this.enough = length < 0 ? Limits.BUFFERED_BODY + 1L : Math.min(length, Limits.BUFFERED_BODY);
        checkSize(length);
    }

    private void checkSize(long size) throws BadRequestException {
        if (size > limit) {
            throw new BadRequestException(
                    413, "body-too-large", "The request body is larger than " + limit + " bytes.");
        }
    }

    /** Returns a body of which nothing was gathered. */
    public InboundBody streamed() {
        return new InboundBody(source, length, null, false);
    }

    /** Returns the body when as much of it is there as is gathered, null before. */
    public @Nullable InboundBody gather(ByteBuf in) throws BadRequestException {
        ByteBuf part;
        while (received < enough && (part = decoder.next(in)) != null) {
            add(part);
        }
        if (!decoder.done() && received < enough) {
            return null;
        }
        ByteBuf first = gathered;
        gathered = null;
        InboundBody body = new InboundBody(source, decoder.done() ? received : length, first, decoder.done());
        giveTrailers(body);
        return body;
    }

    private void giveTrailers(InboundBody to) {
        Fields came = decoder.done() ? decoder.trailers() : null;
        if (came != null) {
            to.trailers(came);
        }
    }

    private void add(ByteBuf part) throws BadRequestException {
        received += part.readableBytes();
        if (received > limit) {
            part.release();
            checkSize(received);
        }
        if (gathered == null && decoder.done()) {
            gathered = part;
            return;
        }
        try {
            if (gathered == null) {
                gathered = alloc.directBuffer(Math.max(part.readableBytes(), FIRST_SIZE));
            }
            gathered.writeBytes(part);
        } finally {
            part.release();
        }
    }

    /**
     * Hands the next part to a body that wants it.
     *
     * @param of the request, which hears of a body's length once that is known: before the body's reader does
     * @return whether it is worth calling again
     */
    public boolean stream(ByteBuf in, InboundBody to, ServerRequest of) throws BadRequestException {
        ByteBuf part = decoder.next(in);
        if (part != null) {
            received += part.readableBytes();
            if (received > limit) {
                part.release();
                checkSize(received);
            }
            boolean last = decoder.done();
            to.data(Objects.requireNonNull(part));
            if (last) {
                end(to, of);
            }
            return true;
        }
        if (decoder.done()) {
            end(to, of);
            return true;
        }
        return false;
    }

    private void end(InboundBody to, ServerRequest of) {
        of.bodyLength(received);
        giveTrailers(to);
        to.end();
    }

    /** Drops what is there of the rest; returns whether that was all. */
    public boolean skip(ByteBuf in) throws BadRequestException {
        ByteBuf part;
        while ((part = decoder.next(in)) != null) {
            part.release();
        }
        return decoder.done();
    }

    /** Returns whether all of the body was taken. */
    public boolean done() {
        return decoder.done();
    }

    /** Returns how many bytes are still to come, -1 when only the body's end will tell. */
    public long rest() {
        return decoder.rest();
    }

    /** Returns how many bytes were taken. */
    public long received() {
        return received;
    }

    /** Gives back what was gathered and not handed over. */
    public void release() {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }
}
