package io.juwsgi.router.spool;

import io.juwsgi.router.exchange.NettyChunk;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.RequestBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A request body that is taken whole, to memory and then to a file, before it is read. Owned by one event loop.
 *
 * <p>{@link #take} fills it; when {@link Listener#whole} was called it can be read as any body, with a known length.
 */
public final class SpooledBody implements RequestBody, RequestBody.Receiver {

    /** Hears how the taking went; called once. */
    public interface Listener {

        /** All of the body is here, and may be read from {@code body}. */
        void whole(SpooledBody body);

        /** It cannot be had. */
        void failed(Failure failure);
    }

    private static final int FIRST_SIZE = 8 * 1024;

    private final Exchange exchange;
    private final Buffering buffering;
    private final Listener listener;
    private @Nullable ByteBuf memory;
    private @Nullable Spool file;
    private @Nullable Receiver receiver;
    private long length;
    private long left;
    private boolean paused;
    private boolean pumping;
    private boolean closed;

    /** Makes the body of {@code exchange}; nothing is taken yet. */
    public SpooledBody(Exchange exchange, Buffering buffering, Listener listener) {
        this.exchange = exchange;
        this.buffering = buffering;
        this.listener = listener;
    }

    /** Takes the exchange's body, as fast as the client sends it. */
    public void take() {
        long told = exchange.body().length();
        if (told > buffering.requestMemory() && told > buffering.spools().quota()) {
            close();
            listener.failed(Failure.client(
                    413, "body-over-quota", "The request body is larger than what this server can keep."));
        } else {
            exchange.body().read(this);
        }
    }

    // ---- what comes in

    @Override
    public void data(Chunk chunk) {
        ByteBuf bytes = NettyChunk.buffer(chunk);
        try {
            if (!closed) {
                length += bytes.readableBytes();
                keep(bytes);
            }
        } catch (IOException e) {
            refuse(e);
        } finally {
            bytes.release();
        }
    }

    // Copies: a client that sends byte by byte would keep a buffer of the socket's alive for each of them.
    private void keep(ByteBuf bytes) throws IOException {
        Spool spool = file;
        if (spool == null && length <= buffering.requestMemory()) {
            if (memory == null) {
                memory = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(bytes.readableBytes(), FIRST_SIZE));
            }
            buffering.spools().bodiesInMemory(bytes.readableBytes());
            memory.writeBytes(bytes);
            return;
        }
        if (spool == null) {
            spool = buffering.spools().open();
            file = spool;
            if (memory != null) {
                spool.append(memory.duplicate());
                releaseMemory();
            }
        }
        spool.append(bytes);
    }

    private void refuse(IOException e) {
        buffering.spools().complain(exchange.id(), e);
        close();
        listener.failed(Failure.gateway(
                503, "body-buffer-full", "The server has no room for a request body of this size at the moment."));
    }

    @Override
    public void end() {
        if (!closed) {
            left = length;
            listener.whole(this);
        }
    }

    @Override
    public void failed(Failure failure) {
        if (!closed) {
            close();
            listener.failed(failure);
        }
    }

    // ---- what goes out

    @Override
    public long length() {
        return length;
    }

    @Override
    public Fields trailers() {
        return exchange.body().trailers();
    }

    @Override
    public void read(Receiver to) {
        receiver = to;
        pump();
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        pump();
    }

    /** Gives parts until the receiver has enough. */
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            Receiver to;
            while (!paused && !closed && (to = receiver) != null) {
                if (left == 0) {
                    close();
                    to.end();
                } else {
                    ByteBuf part = next();
                    left -= part.readableBytes();
                    to.data(new NettyChunk(part));
                }
            }
        } catch (IOException e) {
            buffering.spools().complain(exchange.id(), e);
            Receiver to = receiver;
            close();
            if (to != null) {
                to.failed(Failure.gateway(500, "body-buffer-broken", "The server has lost the request's body."));
            }
        } finally {
            pumping = false;
        }
    }

    private ByteBuf next() throws IOException {
        ByteBuf all = memory;
        if (all != null) {
            memory = null;
            buffering.spools().bodiesInMemory(-all.readableBytes());
            return all;
        }
        Spool spool = file;
        if (spool == null) {
            throw new IOException("the body is gone");
        }
        return spool.take(PooledByteBufAllocator.DEFAULT, buffering.partSize());
    }

    /** Gives back what is held; nothing more is delivered. */
    public void close() {
        closed = true;
        receiver = null;
        releaseMemory();
        if (file != null) {
            file.close();
            file = null;
        }
    }

    private void releaseMemory() {
        if (memory != null) {
            buffering.spools().bodiesInMemory(-memory.readableBytes());
            memory.release();
            memory = null;
        }
    }
}
