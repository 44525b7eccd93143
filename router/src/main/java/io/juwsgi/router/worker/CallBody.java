package io.juwsgi.router.worker;

import io.juwsgi.router.exchange.NettyChunk;
import io.juwsgi.router.spool.Buffering;
import io.juwsgi.router.spool.SpooledBody;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.RequestBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The request body of a call on its way to a worker. Owned by the pool's event loop.
 *
 * <p>A small one is gathered before the call waits for a core, so that a slow upload occupies none, and travels inside
 * the REQUEST frame. A larger one waits in a {@link SpooledBody} until it is whole, unless that is turned off, and is
 * streamed from the moment when a core has the call.
 */
final class CallBody implements RequestBody.Receiver, SpooledBody.Listener {
    /** The longest body that is gathered, in bytes. */
    static final int GATHERED = 64 * 1024;

    /** Where a streamed body goes. */
    interface Target {
        /** Sends body bytes, which it owns from here on. */
        void body(Call call, ByteBuf bytes);

        /** Ends the body. */
        void bodyEnd(Call call, boolean cutOff);

        /** Returns false when it has enough for now and will call {@link #resume}. */
        boolean takesMore();
    }

    /** Hears when a gathered body is whole. */
    interface Gathered {
        void gathered(Call call);
    }

    private final Call call;
    private RequestBody source;
    private final long length;
    private @Nullable Gathered listener;
    private @Nullable ByteBuf bytes;
    private @Nullable Target target;
    private @Nullable SpooledBody spooled;
    private boolean whole;
    private boolean streamed;
    private boolean finished;
    private boolean paused;

    CallBody(Call call) {
        this.call = call;
        this.source = call.exchange().body();
        this.length = source.length();
        this.whole = length == 0;
        this.finished = whole;
    }

    /** Starts to gather the body, when it is small or larger ones are taken whole. Returns whether the call need not wait for that. */
    boolean gather(Gathered whenWhole, Buffering buffering) {
        boolean small = length > 0 && length <= GATHERED;
        if (length == 0 || !(small || buffering.takesRequests())) {
            return true;
        }
        listener = whenWhole;
        if (small) {
            source.read(this);
        } else {
            SpooledBody taken = new SpooledBody(call.exchange(), buffering, this);
            spooled = taken;
            taken.take();
        }
        return false;
    }

    /** A large body is here: it is streamed to a core from there. */
    @Override
    public void whole(SpooledBody body) {
        Gathered gathered = listener;
        listener = null;
        source = body;
        if (gathered != null) {
            gathered.gathered(call);
        }
    }

    /** Returns whether the body is here as a whole, or was never asked for: the call can begin anew. */
    boolean isWhole() {
        return whole || !streamed;
    }

    /** Returns the gathered bytes, or null when there are none; they stay here. */
    @Nullable
    ByteBuf bytes() {
        return bytes;
    }

    /** Returns whether the body is to be streamed after the REQUEST frame. */
    boolean streams() {
        return !whole;
    }

    /** Starts to stream the body; the REQUEST frame is out. */
    void stream(Target to) {
        target = to;
        streamed = true;
        source.read(this);
    }

    void resume() {
        if (paused) {
            paused = false;
            source.resume();
        }
    }

    /** Ends the body early at the core: its answer is complete, or its client is gone. */
    void cutOff() {
        Target to = target;
        target = null;
        if (!finished && to != null) {
            finished = true;
            to.bodyEnd(call, true);
        }
    }

    /** Gives back what is held; whatever still comes is thrown away. */
    void discard() {
        target = null;
        listener = null;
        finished = true;
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
        if (spooled != null) {
            spooled.close();
            spooled = null;
        }
    }

    @Override
    public void data(Chunk chunk) {
        Target to = target;
        if (to != null) {
            to.body(call, NettyChunk.buffer(chunk));
            if (!to.takesMore() && !paused) {
                paused = true;
                source.pause();
            }
        } else if (listener != null) {
            keep(NettyChunk.buffer(chunk));
        } else {
            chunk.release();
        }
    }

    private void keep(ByteBuf more) {
        if (bytes == null && more.readableBytes() == length) {
            bytes = more;
            return;
        }
        if (bytes == null) {
            bytes = Unpooled.buffer((int) length);
        }
        bytes.writeBytes(more);
        more.release();
    }

    @Override
    public void end() {
        Target to = target;
        if (to != null) {
            finished = true;
            target = null;
            to.bodyEnd(call, false);
        } else if (listener != null) {
            Gathered gathered = listener;
            listener = null;
            whole = true;
            finished = true;
            gathered.gathered(call);
        }
    }

    @Override
    public void failed(Failure failure) {
        listener = null;
        cutOff();
        call.fail(failure);
    }
}
