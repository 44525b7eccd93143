package io.juwsgi.router.spool;

import io.juwsgi.router.exchange.NettyChunk;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a producer and a client that is slower: takes the response at the producer's pace, and gives it on at the
 * client's. Owned by the exchange's event loop.
 *
 * <p>While the client keeps up everything passes straight through. What it does not take waits in memory, then in a file.
 * When there is no more room the producer has to wait, as it would without this.
 */
public final class ResponseBuffer extends ForwardingSink {
    private static final System.Logger LOG = System.getLogger(ResponseBuffer.class.getName());

    /** The most of one response that waits in memory. */
    private static final long MEMORY = 512 * 1024;

    /** What waits, in the order in which it came. */
    private sealed interface Part {
        /** Bytes in memory; {@code counted} says whether memory was taken for them. */
        record Held(ByteBuf bytes, boolean counted) implements Part {}

        /** The next bytes of the file. */
        final class Filed implements Part {
            private long bytes;
        }

        /** A file of the application. */
        record Region(FileRegion region) implements Part {}
    }

    private final Exchange exchange;
    private final Buffering buffering;
    private final ArrayDeque<Part> waiting = new ArrayDeque<>();
    private long bytes;
    private long inMemory;
    private @Nullable Spool file;
    private boolean full;
    private boolean ending;
    private boolean draining;
    private @Nullable Runnable listener;

    /** Makes a buffer in front of an exchange's response, whose head has been given to it already. */
    public ResponseBuffer(Exchange exchange, Buffering buffering) {
        super(exchange.response());
        this.exchange = exchange;
        this.buffering = buffering;
        super.onWritable(this::drain);
        exchange.onEnd(this::close);
    }

    @Override
    public void data(Chunk chunk) {
        if (exchange.ended() || passes()) {
            super.data(chunk);
        } else {
            keep(NettyChunk.buffer(chunk));
        }
    }

    @Override
    public void file(FileRegion region) {
        if (exchange.ended() || passes()) {
            super.file(region);
        } else {
            waiting.add(new Part.Region(region));
        }
    }

    @Override
    public void end() {
        if (waiting.isEmpty()) {
            super.end();
        } else {
            ending = true;
        }
    }

    @Override
    public boolean writable() {
        return !full;
    }

    @Override
    public void onWritable(Runnable listener) {
        this.listener = listener;
    }

    private boolean passes() {
        return waiting.isEmpty() && super.writable();
    }

    private void keep(ByteBuf chunk) {
        int size = chunk.readableBytes();
        bytes += size;
        if (waiting.peekLast() instanceof Part.Filed
                || inMemory + size > MEMORY
                || !buffering.spools().takeMemory(size)) {
            full = !keepInFile(chunk);
        } else {
            hold(chunk, true);
        }
        full |= bytes >= buffering.responseLimit();
    }

    private void hold(ByteBuf chunk, boolean counted) {
        inMemory += chunk.readableBytes();
        waiting.add(new Part.Held(chunk, counted));
    }

    /** Returns false when there is no room: then the producer waits, and what has come already stays in memory. */
    private boolean keepInFile(ByteBuf chunk) {
        try {
            openFile().append(chunk);
            fileAtEnd().bytes += chunk.readableBytes();
            chunk.release();
            return true;
        } catch (IOException e) {
            buffering.spools().complain(exchange.id(), e);
            hold(chunk, false);
            return false;
        }
    }

    private Spool openFile() throws IOException {
        Spool open = file;
        if (open == null) {
            open = buffering.spools().open();
            file = open;
        }
        return open;
    }

    private Part.Filed fileAtEnd() {
        if (waiting.peekLast() instanceof Part.Filed last) {
            return last;
        }
        Part.Filed made = new Part.Filed();
        waiting.add(made);
        return made;
    }

    /** Gives on what the client takes; called when it takes more again. */
    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            while (!waiting.isEmpty() && !exchange.ended() && super.writable()) {
                giveOn(waiting.element());
            }
        } catch (IOException e) {
            LOG.log(Level.ERROR, "request=" + exchange.id() + " has lost a part of its response: " + e, e);
            exchange.fail(Failure.gateway(500, "response-buffer-broken", "The server has lost the response."));
        } finally {
            draining = false;
        }
        if (exchange.ended()) {
            return;
        }
        if (ending && waiting.isEmpty()) {
            super.end();
        } else if (full && bytes <= Math.min(buffering.responseLimit(), MEMORY) / 2) {
            full = false;
            if (listener != null) {
                listener.run();
            }
        }
    }

    private void giveOn(Part part) throws IOException {
        switch (part) {
            case Part.Held held -> {
                waiting.remove();
                forget(held);
                super.data(new NettyChunk(held.bytes()));
            }
            case Part.Filed filed -> {
                int most = (int) Math.min(filed.bytes, buffering.partSize());
                ByteBuf next = openFile().take(PooledByteBufAllocator.DEFAULT, most);
                bytes -= next.readableBytes();
                filed.bytes -= next.readableBytes();
                if (filed.bytes == 0) {
                    waiting.remove();
                }
                super.data(new NettyChunk(next));
            }
            case Part.Region region -> {
                waiting.remove();
                super.file(region.region());
            }
        }
    }

    private void forget(Part.Held held) {
        int size = held.bytes().readableBytes();
        bytes -= size;
        inMemory -= size;
        if (held.counted()) {
            buffering.spools().giveBackMemory(size);
        }
    }

    /** Drops what waits: the exchange has ended. */
    private void close() {
        for (Part part : waiting) {
            switch (part) {
                case Part.Held held -> {
                    forget(held);
                    held.bytes().release();
                }
                case Part.Filed _ -> {}
                case Part.Region region -> close(region.region());
            }
        }
        waiting.clear();
        if (file != null) {
            file.close();
            file = null;
        }
    }

    private static void close(FileRegion region) {
        try {
            region.channel().close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing a file that was not sent", e);
        }
    }
}
