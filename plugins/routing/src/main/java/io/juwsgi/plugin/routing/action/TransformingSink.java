package io.juwsgi.plugin.routing.action;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A sink that changes the bytes of a body; files are read for that. Owned by the exchange's event loop. */
abstract class TransformingSink extends ForwardingSink {
    private static final int PART = 64 * 1024;

    TransformingSink(ResponseSink sink) {
        super(sink);
    }

    /** Takes bytes of the body; passes on what they became with {@link #pass}. */
    abstract void bytes(byte[] bytes);

    /** Passes bytes on. */
    final void pass(byte[] bytes) {
        if (bytes.length > 0) {
            super.data(Chunk.of(bytes));
        }
    }

    /** What was computed of the body is true no more (RFC 9530 sections 2 and 3). */
    @Override
    public void head(Response head) {
        forgetDigests(head.fields());
        super.head(head);
    }

    @Override
    public void trailers(Fields trailers) {
        forgetDigests(trailers);
        super.trailers(trailers);
    }

    private static void forgetDigests(Fields fields) {
        fields.remove("content-digest");
        fields.remove("repr-digest");
    }

    @Override
    public void data(Chunk chunk) {
        byte[] bytes = new byte[chunk.size()];
        chunk.bytes().get(bytes);
        chunk.release();
        bytes(bytes);
    }

    @Override
    public void file(FileRegion region) {
        FileChannel channel = region.channel();
        try {
            long position = region.position();
            long end = position + region.count();
            while (position < end) {
                ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(PART, end - position));
                int count = channel.read(buffer, position);
                if (count < 0) {
                    break;
                }
                position += count;
                byte[] bytes = new byte[count];
                buffer.flip().get(bytes);
                bytes(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a file that is part of a response", e);
        } finally {
            region.close();
        }
    }
}
