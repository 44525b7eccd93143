package io.juwsgi.router.http1;

import io.juwsgi.router.exchange.BadRequestException;
import io.netty.buffer.ByteBuf;

/**
 * Finds the end of a request head as its bytes arrive, and refuses at once what cannot become one: bare CR or LF, control
 * characters, too many bytes. Owned by its connection; each byte is looked at once.
 */
final class HeadScanner {
    /** How far one look goes, so that a long pipeline is not copied for each of its requests. */
    private static final int BLOCK = 1024;

    private final int headLimit;
    private final int lineLimit;
    private int scanned;
    private int lineStart;
    private boolean firstLine = true;
    private boolean carriageReturn;

    /**
     * Makes a scanner.
     *
     * @param headLimit largest head in bytes, with its line ends
     * @param lineLimit largest first line in bytes
     */
    HeadScanner(int headLimit, int lineLimit) {
        this.headLimit = headLimit;
        this.lineLimit = lineLimit;
    }

    /** Forgets the head that was found, for the next one. */
    void reset() {
        scanned = 0;
        lineStart = 0;
        firstLine = true;
        carriageReturn = false;
    }

    /**
     * Looks at what came since the last call.
     *
     * @param in holds the head from its reader index on, which does not move
     * @param scratch room for {@code headLimit} bytes; holds the whole head when it was found
     * @return the length of the head with its empty line, or -1 when more is needed
     */
    int scan(ByteBuf in, byte[] scratch) throws BadRequestException {
        boolean resumed = scanned > 0;
        int available = Math.min(in.readableBytes(), headLimit);
        while (scanned < available) {
            int count = Math.min(BLOCK, available - scanned);
            in.getBytes(in.readerIndex() + scanned, scratch, scanned, count);
            int end = look(scratch, scanned + count);
            if (end >= 0) {
                if (resumed) {
                    in.getBytes(in.readerIndex(), scratch, 0, end);
                }
                return end;
            }
        }
        if (scanned >= headLimit) {
            throw new BadRequestException(
                    431, "head-too-large", "The request head is larger than " + headLimit + " bytes.");
        }
        return -1;
    }

    private int look(byte[] bytes, int end) throws BadRequestException {
        int i = scanned;
        while (i < end) {
            // The line's limit counts before what is wrong behind it, however the bytes were cut into pieces.
            int stop = firstLine ? Math.min(end, lineLimit + 1) : end;
            while (i < stop) {
                byte b = bytes[i++];
                if (b >= ' ' && !carriageReturn) {
                    continue;
                }
                if (endsLine(b)) {
                    if (lineEnds(i - 1)) {
                        return i;
                    }
                    stop = end;
                }
            }
            if (firstLine && i > lineLimit) {
                throw new BadRequestException(
                        414, "target-too-long", "The request target is longer than " + (lineLimit - 32) + " bytes.");
            }
        }
        scanned = i;
        return -1;
    }

    /** Takes a byte that is not plain; returns whether it is the LF of a CR LF. */
    private boolean endsLine(byte b) throws BadRequestException {
        if (b == '\n') {
            if (!carriageReturn) {
                throw BadRequestException.bad("bare-lf", "A line ends with LF instead of CR LF.");
            }
            carriageReturn = false;
            return true;
        }
        if (carriageReturn) {
            throw BadRequestException.bad("bare-cr", "A CR is not followed by LF.");
        }
        carriageReturn = b == '\r';
        if (b >= 0 && b != '\r' && b != '\t') {
            throw BadRequestException.bad("control-character", "The request head has a control character.");
        }
        return false;
    }

    /** Returns whether the line that ends with the LF at {@code at} is the empty one after the fields. */
    private boolean lineEnds(int at) throws BadRequestException {
        boolean empty = at - 1 == lineStart;
        if (firstLine && empty) {
            throw BadRequestException.bad("no-request-line", "The request begins with empty lines.");
        }
        firstLine = false;
        lineStart = at + 1;
        return empty;
    }
}
