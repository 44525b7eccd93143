package io.juwsgi.plugin.compress;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Response;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Compresses a body on its way. What the application has sent by the end of an event loop's turn goes out: events and other
 * streams flow, and what is complete by then is compressed in one piece. Files are read in parts, as fast as the client takes
 * them, and other exchanges have their turns between. Owned by the exchange's event loop.
 */
final class CompressingSink extends ForwardingSink {
    private static final System.Logger LOG = System.getLogger(CompressingSink.class.getName());

    private static final int FILE_PART = 64 * 1024;
    /** So much is passed on before there is a reason to. */
    private static final int ENOUGH = 32 * 1024;

    private final Exchange exchange;
    private final Choice choice;
    private final Meter meter;
    private @Nullable Coding coding;
    /** The head of a response whose size is not known yet. */
    private @Nullable Response held;

    private @Nullable Compressor body;
    /** What came and is not compressed yet: chunks and files. */
    private final Deque<Object> waiting = new ArrayDeque<>(2);

    private long waitingSize;
    private long filePosition;
    private @Nullable Fields behind;
    private boolean endCame;
    private boolean turnScheduled;
    private boolean pumpScheduled;
    private Runnable listener = () -> {};

    CompressingSink(Exchange exchange, Choice choice, Meter meter) {
        super(exchange.response());
        this.exchange = exchange;
        this.choice = choice;
        this.meter = meter;
    }

    @Override
    public void head(Response head) {
        coding = choice.of(exchange.request(), head);
        if (coding == null) {
            super.head(head);
            return;
        }
        exchange.onEnd(this::drop);
        held = head;
        boolean sizeIsKnown = head.fields().contains("content-length");
        if (sizeIsKnown || exchange.request().method().equals("HEAD")) {
            begin(head);
        } else {
            atTurnsEnd();
        }
    }

    private void begin(Response head) {
        held = null;
        Coding chosen = coding;
        boolean headAlone = exchange.request().method().equals("HEAD");
        if (chosen == null || (!headAlone && !meter.begin())) {
            super.head(head);
            passOn();
            return;
        }
        Policy.describe(head.fields(), chosen);
        if (headAlone) {
            super.head(head);
            return;
        }
        body = new Compressor(chosen, meter);
        super.onWritable(() -> tried(this::writableAgain));
        super.head(head);
    }

    /** Sends what waits as it is. */
    private void passOn() {
        while (!waiting.isEmpty()) {
            switch (waiting.remove()) {
                case Chunk chunk -> super.data(chunk);
                case FileRegion region -> super.file(region);
                default -> throw new IllegalStateException("neither chunk nor file");
            }
        }
    }

    private void atTurnsEnd() {
        if (!turnScheduled) {
            turnScheduled = true;
            later(this::turnEnded);
        }
    }

    /** Does something in a later turn, where nobody else would end the exchange for what goes wrong. */
    private void later(Runnable work) {
        exchange.eventLoop().execute(() -> tried(work));
    }

    private void tried(Runnable work) {
        try {
            work.run();
        } catch (UncheckedIOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "request=" + exchange.id() + " the response could not be compressed: " + e.getCause());
            exchange.fail(Failure.gateway(500, "compress-failed", "The response could not be compressed."));
        }
    }

    private void turnEnded() {
        turnScheduled = false;
        if (exchange.ended() || endCame) {
            return;
        }
        if (held != null) {
            begin(held);
            pump();
        }
        Compressor open = body;
        if (open != null && waiting.isEmpty()) {
            open.flush();
            pass(open);
        }
    }

    @Override
    public void data(Chunk chunk) {
        if (held == null && body == null) {
            super.data(chunk);
            return;
        }
        waiting.add(chunk);
        waitingSize += chunk.size();
        arrived();
    }

    @Override
    public void file(FileRegion region) {
        if (held == null && body == null) {
            super.file(region);
            return;
        }
        if (waiting.isEmpty()) {
            filePosition = region.position();
        }
        waiting.add(region);
        waitingSize += region.count();
        arrived();
    }

    private void arrived() {
        if (held != null && waitingSize >= choice.minSize()) {
            begin(held);
        }
        if (body != null) {
            pump();
            atTurnsEnd();
        }
    }

    @Override
    public void trailers(Fields trailers) {
        if (held == null && body == null) {
            super.trailers(trailers);
        } else {
            behind = trailers;
        }
    }

    @Override
    public void end() {
        endCame = true;
        if (held != null) {
            // Complete, and small.
            Response head = held;
            held = null;
            super.head(head);
            passOn();
        }
        if (body == null) {
            endWith(behind);
        } else {
            pump();
        }
    }

    /** Compresses what waits. */
    private void pump() {
        Compressor open = body;
        if (open == null || pumpScheduled) {
            return;
        }
        while (!waiting.isEmpty()) {
            switch (waiting.element()) {
                case Chunk chunk -> {
                    waiting.remove();
                    open.add(chunk.bytes());
                    chunk.release();
                    passIfEnough(open);
                    nextFile();
                }
                case FileRegion region -> {
                    readPart(open, region);
                    pass(open);
                    if (!waiting.isEmpty()) {
                        // Others have their turn.
                        goOnLater();
                        return;
                    }
                }
                default -> throw new IllegalStateException("neither chunk nor file");
            }
        }
        if (endCame) {
            finish(open);
        }
    }

    private void goOnLater() {
        if (super.writable()) {
            pumpScheduled = true;
            later(() -> {
                pumpScheduled = false;
                if (!exchange.ended()) {
                    pump();
                }
            });
        }
    }

    private void readPart(Compressor open, FileRegion region) {
        long left = region.position() + region.count() - filePosition;
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(FILE_PART, left));
        try {
            if (left > 0 && region.channel().read(bytes, filePosition) < 0) {
                throw new EOFException("a file that is shorter than it was");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        filePosition += bytes.position();
        left -= bytes.position();
        open.add(bytes.flip());
        if (left == 0) {
            waiting.remove();
            region.close();
            nextFile();
        }
    }

    private void nextFile() {
        if (waiting.peek() instanceof FileRegion next) {
            filePosition = next.position();
        }
    }

    private void passIfEnough(Compressor open) {
        if (open.ready() >= ENOUGH) {
            pass(open);
        }
    }

    private void pass(Compressor open) {
        if (open.ready() > 0) {
            super.data(Chunk.of(open.take()));
        }
    }

    private void finish(Compressor open) {
        body = null;
        open.close();
        pass(open);
        if (behind != null) {
            Policy.forgetDigests(behind);
        }
        endWith(behind);
    }

    private void endWith(@Nullable Fields trailers) {
        if (trailers != null) {
            super.trailers(trailers);
        }
        super.end();
    }

    @Override
    public boolean writable() {
        return super.writable() && (body == null || waiting.isEmpty());
    }

    @Override
    public void onWritable(Runnable listener) {
        this.listener = listener;
        super.onWritable(() -> tried(this::writableAgain));
    }

    private void writableAgain() {
        pump();
        if (writable()) {
            listener.run();
        }
    }

    /** Gives back what the exchange's end has left. */
    private void drop() {
        Compressor open = body;
        body = null;
        held = null;
        if (open != null) {
            open.close();
        }
        while (!waiting.isEmpty()) {
            switch (waiting.remove()) {
                case Chunk chunk -> chunk.release();
                case FileRegion region -> region.close();
                default -> throw new IllegalStateException("neither chunk nor file");
            }
        }
    }
}
