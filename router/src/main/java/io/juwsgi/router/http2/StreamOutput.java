package io.juwsgi.router.http2;

import io.juwsgi.router.exchange.MinimumRate;
import io.juwsgi.router.exchange.Pace;
import io.juwsgi.spi.exchange.FileRegion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What goes out on one stream. DATA waits in the codec for the client's window; a file is read in parts as the window
 * allows, and what comes after it waits here. Owned by its connection's event loop.
 */
final class StreamOutput {
    private static final System.Logger LOG = System.getLogger(StreamOutput.class.getName());

    /** The largest DATA frame that every client takes. */
    private static final int PART = 16 * 1024;

    /** What is longer is written in parts. */
    private static final int LARGE = 2 * PART;

    /** A part of a file that is being sent. */
    private static final class FilePart {
        final FileRegion region;
        long position;
        long left;

        FilePart(FileRegion region, long left) {
            this.region = region;
            this.position = region.position();
            this.left = left;
        }
    }

    private final FrameCodec codec;
    private final Http2Stream stream;
    private final RequestStream owner;
    private final Queue<Object> waiting = new ArrayDeque<>();
    private final Pace pace = new Pace();
    private int written;
    private int done;
    private boolean endWritten;
    private boolean ended;
    private boolean released;
    private @Nullable Http2Headers trailers;
    private long progress;

    StreamOutput(FrameCodec codec, Http2Stream stream, RequestStream owner) {
        this.codec = codec;
        this.stream = stream;
        this.owner = owner;
    }

    /** Writes a head; with {@code last} it is the whole response. */
    void headers(Http2Headers headers, boolean last) {
        endWritten = last;
        var _ = codec.encoder().writeHeaders(codec.context(), stream.id(), headers, 0, last, promise(0, last));
    }

    /** Writes an interim response. */
    void interim(Http2Headers headers) {
        var _ = codec.encoder().writeHeaders(codec.context(), stream.id(), headers, 0, false, promise(0, false));
    }

    /** Writes body bytes, which are owned from here on; with {@code last} they end the response. */
    void data(ByteBuf bytes, boolean last) {
        if (released || endWritten) {
            bytes.release();
        } else if (waiting.isEmpty()) {
            write(bytes, last);
        } else {
            waiting.add(bytes);
            ended |= last;
        }
    }

    /** Writes {@code count} bytes of a region, which is owned from here on; with {@code last} they end the response. */
    void file(FileRegion region, long count, boolean last) {
        if (released || endWritten) {
            region.close();
            return;
        }
        waiting.add(new FilePart(region, count));
        ended |= last;
        pump();
    }

    /** Ends the response. */
    void end() {
        if (endWritten || ended) {
            return;
        }
        if (waiting.isEmpty()) {
            write(Unpooled.EMPTY_BUFFER, true);
        } else {
            ended = true;
        }
    }

    /** Ends the response with fields behind its body. */
    void end(Http2Headers fields) {
        if (endWritten || ended) {
            return;
        }
        trailers = fields;
        if (waiting.isEmpty()) {
            writeTrailers(fields);
        } else {
            ended = true;
        }
    }

    private void writeTrailers(Http2Headers fields) {
        // The codec keeps them behind DATA that waits for the client's window.
        headers(fields, true);
    }

    // In parts, since what the client has taken of one is not to be seen before all of it is gone.
    private void write(ByteBuf bytes, boolean end) {
        while (bytes.readableBytes() > LARGE) {
            frame(bytes.readRetainedSlice(PART), false);
        }
        frame(bytes, end && trailers == null);
        if (end && trailers != null) {
            writeTrailers(trailers);
        }
    }

    private void frame(ByteBuf bytes, boolean last) {
        int size = bytes.readableBytes();
        endWritten = last;
        var _ = codec.encoder().writeData(codec.context(), stream.id(), bytes, 0, last, promise(size, last));
    }

    private ChannelPromise promise(int size, boolean last) {
        if (written++ == done) {
            pace.reset();
            progress = owner.now();
            owner.connection().watch();
        }
        return codec.context().newPromise().addListener(result -> {
            done++;
            pace.moved(size);
            progress = owner.now();
            if (last && result.isSuccess()) {
                owner.responseSent();
            }
        });
    }

    /** Returns whether the end of the response was written. */
    boolean complete() {
        return endWritten;
    }

    /** Returns whether the client takes more now. */
    boolean writable() {
        return !released
                && waiting.isEmpty()
                && codec.encoder().flowController().isWritable(stream);
    }

    /** Goes on with what waits, as far as the client takes it; called when it takes more again. */
    void pump() {
        while (!released
                && !waiting.isEmpty()
                && codec.encoder().flowController().isWritable(stream)) {
            Object next = waiting.element();
            if (next instanceof FilePart part) {
                ByteBuf bytes = read(part);
                if (bytes == null) {
                    return;
                }
                if (part.left == 0) {
                    waiting.remove();
                    part.region.close();
                }
                write(bytes, ended && waiting.isEmpty());
            } else {
                waiting.remove();
                write((ByteBuf) next, ended && waiting.isEmpty());
            }
            owner.connection().flushSoon();
        }
    }

    /** Returns the next bytes of a file; null when it is shorter than was told, and the stream has been reset. */
    private @Nullable ByteBuf read(FilePart part) {
        int wanted = (int) Math.min(PART, part.left);
        ByteBuf bytes = codec.context().alloc().directBuffer(wanted);
        try {
            ByteBuffer space = bytes.internalNioBuffer(0, wanted);
            int got = part.region.channel().read(space, part.position);
            if (got > 0) {
                part.position += got;
                part.left -= got;
                return bytes.writerIndex(got);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "reading a file that is sent", e);
        }
        bytes.release();
        owner.breakOff();
        return null;
    }

    /** Returns since when the client has taken nothing although something waits, in milliseconds; -1 when nothing does. */
    long stalledSince() {
        return written > done || !waiting.isEmpty() ? progress : -1;
    }

    /** Counts time; returns whether the client takes what waits too slowly. */
    boolean tooSlow(long millis, MinimumRate rate) {
        return stalledSince() >= 0 && pace.tooSlow(millis, rate);
    }

    /** Drops what waits: the stream is closed. */
    void release() {
        released = true;
        for (Object left : waiting) {
            if (left instanceof FilePart part) {
                part.region.close();
            } else {
                ((ByteBuf) left).release();
            }
        }
        waiting.clear();
    }
}
