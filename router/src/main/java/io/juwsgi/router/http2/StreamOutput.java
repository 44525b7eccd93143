package io.juwsgi.router.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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

    /** A part of a file that is being sent. */
    private static final class FilePart {
        final FileChannel channel;
        long position;
        long left;

        FilePart(FileChannel channel, long position, long left) {
            this.channel = channel;
            this.position = position;
            this.left = left;
        }
    }

    private final FrameCodec codec;
    private final Http2Stream stream;
    private final RequestStream owner;
    private final Queue<Object> waiting = new ArrayDeque<>();
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
        var _ = codec.encoder().writeHeaders(codec.context(), stream.id(), headers, 0, last, promise(last));
    }

    /** Writes an interim response. */
    void interim(Http2Headers headers) {
        var _ = codec.encoder().writeHeaders(codec.context(), stream.id(), headers, 0, false, promise(false));
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

    /** Writes a part of a file, whose channel is owned from here on; with {@code last} it ends the response. */
    void file(FileChannel channel, long position, long count, boolean last) {
        FilePart part = new FilePart(channel, position, count);
        if (released || endWritten) {
            close(part);
            return;
        }
        waiting.add(part);
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

    private void write(ByteBuf bytes, boolean end) {
        boolean last = end && trailers == null;
        endWritten = last;
        var _ = codec.encoder().writeData(codec.context(), stream.id(), bytes, 0, last, promise(last));
        if (end && trailers != null) {
            writeTrailers(trailers);
        }
    }

    private ChannelPromise promise(boolean last) {
        if (written++ == done) {
            progress = owner.now();
            owner.connection().watch();
        }
        return codec.context().newPromise().addListener(result -> {
            done++;
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
                    close(part);
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
            int got = part.channel.read(space, part.position);
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

    /** Drops what waits: the stream is closed. */
    void release() {
        released = true;
        for (Object left : waiting) {
            if (left instanceof FilePart part) {
                close(part);
            } else {
                ((ByteBuf) left).release();
            }
        }
        waiting.clear();
    }

    private static void close(FilePart part) {
        try {
            part.channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing a file", e);
        }
    }
}
