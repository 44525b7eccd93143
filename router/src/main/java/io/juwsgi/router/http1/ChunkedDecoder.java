package io.juwsgi.router.http1;

import io.juwsgi.router.exchange.BadRequestException;
import io.juwsgi.router.exchange.BodyDecoder;
import io.juwsgi.router.exchange.Limits;
import io.juwsgi.spi.exchange.Fields;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Takes the chunks off a body (RFC 9112 section 7.1): no signs or blanks in sizes, no bare line ends, bounded extensions,
 * trailers checked and bounded. Owned by its connection.
 */
public final class ChunkedDecoder implements BodyDecoder {
    /** Extension bytes of one body, in all its chunks. */
    private static final int EXTENSION_LIMIT = 4096;

    private static final int TRAILER_LIMIT = 8192;

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        END_LF,
        DONE
    }

    private State state = State.SIZE;
    private long size;
    private int digits;
    private int extension;
    private int trailer;
    /** The line of a trailer field that is being read, without its end. */
    private final StringBuilder line = new StringBuilder(0);

    private @Nullable Fields trailers;
    private int nameEnd;

    @Override
    public @Nullable Fields trailers() {
        return trailers;
    }

    @Override
    public boolean done() {
        return state == State.DONE;
    }

    @Override
    public long rest() {
        return state == State.DONE ? 0 : -1;
    }

    @Override
    public @Nullable ByteBuf next(ByteBuf in) throws BadRequestException {
        while (state != State.DONE && in.isReadable()) {
            if (state == State.DATA) {
                int count = (int) Math.min(size, in.readableBytes());
                size -= count;
                if (size == 0) {
                    state = State.DATA_CR;
                }
                return in.readRetainedSlice(count);
            }
            mark(in.readByte());
        }
        return null;
    }

    private void mark(byte b) throws BadRequestException {
        switch (state) {
            case SIZE -> size(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> {
                require(b, '\n');
                state = size == 0 ? State.TRAILER_START : State.DATA;
                digits = 0;
            }
            case DATA_CR -> {
                require(b, '\r');
                state = State.DATA_LF;
            }
            case DATA_LF -> {
                require(b, '\n');
                state = State.SIZE;
            }
            default -> trailer(b);
        }
    }

    private void size(byte b) throws BadRequestException {
        int digit = Character.digit(b, 16);
        if (digit >= 0) {
            if (++digits > 15) {
                throw bad("The size of a chunk has more than 15 digits.");
            }
            size = digits == 1 ? digit : size << 4 | digit;
        } else if (digits == 0) {
            throw bad("The size of a chunk is not a hexadecimal number.");
        } else if (b == '\r') {
            state = State.SIZE_LF;
        } else if (b == ';') {
            state = State.EXTENSION;
        } else {
            throw bad("The size of a chunk is not a hexadecimal number.");
        }
    }

    private void extension(byte b) throws BadRequestException {
        if (b == '\r') {
            state = State.SIZE_LF;
        } else if (isControl(b)) {
            throw bad("A chunk extension has a control character.");
        } else if (++extension > EXTENSION_LIMIT) {
            throw bad("The chunk extensions are longer than " + EXTENSION_LIMIT + " bytes.");
        }
    }

    private void trailer(byte b) throws BadRequestException {
        if (++trailer > TRAILER_LIMIT) {
            throw new BadRequestException(
                    431, "trailers-too-large", "The trailers are larger than " + TRAILER_LIMIT + " bytes.");
        }
        if (b != '\r' && b != '\n') {
            line.append((char) (b & 0xff));
        }
        switch (state) {
            case TRAILER_START -> {
                if (b == '\r') {
                    state = State.END_LF;
                } else {
                    trailerName(b);
                }
            }
            case TRAILER_NAME -> {
                if (b == ':') {
                    nameEnd = line.length() - 1;
                    state = State.TRAILER_VALUE;
                } else {
                    trailerName(b);
                }
            }
            case TRAILER_VALUE -> {
                if (b == '\r') {
                    state = State.TRAILER_LF;
                } else if (isControl(b)) {
                    throw bad("A trailer field has a control character.");
                }
            }
            case TRAILER_LF -> {
                require(b, '\n');
                keepField();
                state = State.TRAILER_START;
            }
            default -> {
                require(b, '\n');
                state = State.DONE;
            }
        }
    }

    private void keepField() throws BadRequestException {
        Fields all = trailers == null ? new Fields(2) : trailers;
        if (all.size() == Limits.FIELDS) {
            throw new BadRequestException(
                    431, "too-many-trailers", "The body has more than " + Limits.FIELDS + " trailer fields.");
        }
        all.add(line.substring(0, nameEnd), line.substring(nameEnd + 1).strip());
        trailers = all;
        line.setLength(0);
    }

    private void trailerName(byte b) throws BadRequestException {
        if (!HeadParser.isToken(b)) {
            throw bad("A trailer field's name is not valid.");
        }
        state = State.TRAILER_NAME;
    }

    private static boolean isControl(byte b) {
        return (b >= 0 && b < ' ' && b != '\t') || b == 127;
    }

    private static void require(byte b, char expected) throws BadRequestException {
        if (b != expected) {
            throw bad("A line of the chunked body does not end with CR LF.");
        }
    }

    private static BadRequestException bad(String reason) {
        return BadRequestException.bad("bad-chunk", reason);
    }
}
