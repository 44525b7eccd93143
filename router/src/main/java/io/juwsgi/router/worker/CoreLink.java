package io.juwsgi.router.worker;

import io.juwsgi.protocol.link.FrameException;
import io.juwsgi.protocol.link.FrameHeader;
import io.juwsgi.protocol.link.FrameType;
import io.juwsgi.router.exchange.NettyChunk;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connection to one core of a worker: hands its answers to their exchanges, and knows what happens when it ends. Owned by the
 * pool's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the channel, which is heard of as its end.
final class CoreLink extends ChannelInboundHandlerAdapter implements Core.Wire, FrameDecoder.Receiver {
    private static final System.Logger LOG = System.getLogger(CoreLink.class.getName());

    /** How long a stack is waited for: C code may hold the interpreter's lock. */
    private static final long TRACE_SECONDS = 3;

    private final WorkerLink worker;
    private final PoolContext pool;
    private final Core core;
    private final FrameDecoder decoder = new FrameDecoder(this);
    private final CoreOutput output;
    private final Runnable onWritable = this::resumeReading;
    private @Nullable Channel channel;
    private boolean lost;
    private boolean paused;
    private long pausedNanos;
    private @Nullable Harakiri harakiri;
    private final List<CompletableFuture<CoreTrace>> tracing = new ArrayList<>();

    // The frame that is being received.
    private boolean last;
    private long micros;

    CoreLink(WorkerLink worker, int number, PoolContext pool) {
        this.worker = worker;
        this.pool = pool;
        this.core = new Core(worker.endpoint().id(), number, worker.load(), this);
        this.output = new CoreOutput(pool);
    }

    Core core() {
        return core;
    }

    boolean isLost() {
        return lost;
    }

    boolean paused() {
        return paused;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        output.open(ctx.channel());
        ctx.writeAndFlush(Frames.bare(ctx.alloc(), FrameType.HELLO, 0, core.number(), 0), ctx.voidPromise());
        worker.coreConnected(this);
    }

    // ---- requests

    @Override
    public void transmit(Call call) {
        try {
            output.request(call);
        } catch (RuntimeException e) {
            core.takeBackLast();
            call.done();
            LOG.log(Level.ERROR, "request=" + call.exchange().id() + " could not be encoded: " + e, e);
            call.fail(Failure.gateway(500, "exception", "The server failed while it handled this request."));
            return;
        }
        call.exchange()
                .account()
                .servedBy(worker.endpoint().id(), worker.endpoint().pid(), core.number());
        if (call.body().streams()) {
            call.body().stream(output);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Call head = core.head();
        if (ctx.channel().isWritable() && head != null) {
            head.body().resume();
            CallSocket socket = head.socket();
            if (socket != null) {
                socket.resume();
            }
        }
    }

    @Override
    public boolean recall() {
        return worker.recall(core);
    }

    @Override
    public void abandoned(Call call) {
        call.body().cutOff();
        if (call == core.head()) {
            resumeReading();
        }
    }

    // ---- answers

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (!lost) {
                decoder.decode(bytes);
            }
        } catch (FrameException e) {
            lose("worker link of core " + core.number() + ": " + e.getMessage());
        } finally {
            bytes.release();
        }
    }

    @Override
    public void frame(int type, int flags, int id, int aux, long time, ByteBuf bytes, int length)
            throws FrameException {
        Call call = core.head();
        if (call == null || call.id() != id) {
            throw new FrameException("answer to request: " + Integer.toUnsignedString(id) + " (expected: "
                    + (call == null ? "none" : Integer.toUnsignedString(call.id())) + ")");
        }
        if (type >= FrameType.DEADLINE && type <= FrameType.SEND) {
            Asides.take(call, output, type, aux, bytes, length);
            return;
        }
        boolean before = type == FrameType.RESPONSE || type == FrameType.INTERIM;
        if (type != FrameType.FAILED && call.responseBegun() == before) {
            throw new FrameException("frame type: " + type + " (expected: another "
                    + (call.responseBegun() ? "after" : "before") + " the response's head)");
        }
        last = (flags & FrameHeader.END) != 0 && type != FrameType.INTERIM;
        micros = time;
        switch (type) {
            case FrameType.RESPONSE -> head(call, bytes, length);
            case FrameType.DATA -> {}
            case FrameType.INTERIM -> interim(call, bytes, length);
            case FrameType.FILE -> file(call, aux, bytes, length);
            case FrameType.FAILED -> failed(call, bytes, length);
            default -> throw new FrameException("frame type: " + type + " (expected: 16 to 24)");
        }
    }

    private void head(Call call, ByteBuf bytes, int length) {
        call.responseBegins();
        worker.sent(length);
        if (call.isDiscarded()) {
            return;
        }
        Response response = pool.heads().parse(bytes, length);
        if (response == null) {
            LOG.log(Level.WARNING, "request=" + call.exchange().id() + " the application's response head is malformed");
            call.fail(Failure.upstream(502, "bad-response-head", "The application sent an invalid response."));
            return;
        }
        call.sink().head(response);
    }

    private void interim(Call call, ByteBuf bytes, int length) {
        Response head = pool.heads().interim(bytes, length);
        if (head != null && !call.isDiscarded()) {
            call.sink().interim(head);
        }
    }

    @Override
    public void body(ByteBuf bytes, int length) {
        Call call = core.head();
        worker.sent(length);
        CallSocket socket = call == null ? null : call.socket();
        if (socket != null && socket.sending()) {
            socket.part(bytes, length);
        } else if (call != null && !call.isDiscarded()) {
            ResponseSink sink = call.sink();
            sink.data(new NettyChunk(bytes.retainedSlice(bytes.readerIndex(), length)));
            pauseWhenFull(call, sink);
        }
    }

    private void file(Call call, int descriptor, ByteBuf bytes, int length) throws FrameException {
        if (length != 2 * Long.BYTES) {
            throw new FrameException("FILE: " + length + " bytes (expected: 16)");
        }
        int at = bytes.readerIndex();
        FileRegion region = call.isDiscarded()
                ? null
                : WorkerFiles.open(
                        worker.endpoint().pid(), descriptor, bytes.getLongLE(at), bytes.getLongLE(at + Long.BYTES));
        int flags = region == null && !call.isDiscarded() ? FrameHeader.REFUSED : 0;
        output.fileTaken(call, flags);
        if (region != null) {
            worker.sent(region.count());
            ResponseSink sink = call.sink();
            sink.file(region);
            pauseWhenFull(call, sink);
        }
    }

    private void failed(Call call, ByteBuf bytes, int length) {
        last = true;
        worker.exception();
        if (LOG.isLoggable(Level.DEBUG)) {
            String why = bytes.toString(bytes.readerIndex(), length, StandardCharsets.UTF_8);
            LOG.log(Level.DEBUG, "request=" + call.exchange().id() + " the application failed: " + LogText.clean(why));
        }
        if (!call.isDiscarded()) {
            call.exchange().account().serviceMicros(micros);
            call.fail(Failure.upstream(500, "app-exception", "The application failed to answer this request."));
        }
    }

    @Override
    public void frameEnd() {
        Call head = core.head();
        CallSocket socket = head == null ? null : head.socket();
        if (socket != null && socket.sending() && !socket.send(onWritable)) {
            pause();
        }
        if (last) {
            last = false;
            complete();
        }
    }

    private void complete() {
        Call call = core.head();
        if (call == null) {
            return;
        }
        boolean wanted = !call.isDiscarded();
        pool.dispatcher().answered(core, micros);
        worker.answered(micros);
        call.body().cutOff();
        call.done();
        resumeReading();
        if (harakiri != null) {
            harakiri = null;
            core.stuck(false);
        }
        // Ending the exchange may bring the next request of its connection here at once: everything is in order now.
        if (wanted) {
            call.exchange().account().serviceMicros(micros);
            CallSocket socket = call.socket();
            if (socket != null && socket.isOpen()) {
                socket.close();
            } else {
                call.sink().end();
            }
        }
        pool.dispatcher().dispatch();
        worker.checkDrained();
    }

    private void pauseWhenFull(Call call, ResponseSink sink) {
        if (paused || call.exchange().ended() || sink.writable()) {
            return;
        }
        ResponseSink buffer = call.buffered(pool.settings().buffering());
        if (!buffer.writable()) {
            buffer.onWritable(onWritable);
            pause();
        }
    }

    /** Takes no more from the application: its client is slow. */
    private void pause() {
        if (!paused) {
            paused = true;
            pausedNanos = System.nanoTime();
            autoRead(false);
        }
    }

    /** Reads on; the time that a slow client took does not count against the application. */
    private void resumeReading() {
        if (paused) {
            paused = false;
            core.forgive(System.nanoTime() - pausedNanos);
            autoRead(true);
        }
    }

    private void autoRead(boolean value) {
        if (channel != null) {
            channel.config().setAutoRead(value);
        }
    }

    // ---- deadline

    /** Looks whether the oldest request has run for too long. */
    void checkDeadline(long nowNanos) {
        Call head = core.head();
        if (harakiri != null) {
            harakiri.check(nowNanos);
        } else if (head != null && head.overdue(nowNanos)) {
            end(head, Harakiri.Cause.OWN_DEADLINE, nowNanos);
        } else if (head != null
                && !head.isWebSocket()
                && worker.harakiriNanos() > 0
                && !paused
                && nowNanos - core.sinceNanos() >= worker.harakiriNanos()) {
            end(head, Harakiri.Cause.DEADLINE, nowNanos);
        }
    }

    /** Ends the oldest request because an operator wants it. */
    void kill(Call head, long nowNanos) {
        if (harakiri == null) {
            end(head, Harakiri.Cause.OPERATOR, nowNanos);
        }
    }

    private void end(Call head, Harakiri.Cause cause, long nowNanos) {
        head.deadline(0, nowNanos);
        core.stuck(true);
        harakiri = new Harakiri(worker, core, head, cause, pool.log(), nowNanos);
        harakiri.begin();
    }

    /** Asks for the stack of the core's thread. */
    CompletableFuture<CoreTrace> trace() {
        CoreTrace none = new CoreTrace(core.number(), "", "(no stack: the process does not react)");
        if (lost || !worker.trace(core)) {
            return CompletableFuture.completedFuture(none);
        }
        CompletableFuture<CoreTrace> trace =
                new CompletableFuture<CoreTrace>().completeOnTimeout(none, TRACE_SECONDS, TimeUnit.SECONDS);
        tracing.add(trace);
        return trace;
    }

    /** Takes the stack of the core's thread. */
    void traced(int request, String stack) {
        if (harakiri != null) {
            harakiri.traced(request, stack);
        }
        Call head = core.head();
        String id = head != null && head.id() == request ? head.exchange().id() : "";
        tracing.forEach(waiting -> waiting.complete(new CoreTrace(core.number(), id, stack)));
        tracing.clear();
    }

    // ---- end

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        lose("worker link of core " + core.number() + " ended");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof java.io.IOException)) {
            LOG.log(Level.ERROR, "worker link of core " + core.number() + " of worker " + core.workerId(), cause);
        }
        lose("worker link of core " + core.number() + ": " + cause);
    }

    /** Gives the connection up: requests that may be repeated go to other cores, the others fail. */
    void lose(String reason) {
        if (lost) {
            return;
        }
        lost = true;
        paused = false;
        decoder.close();
        int unsent = output.close();
        pool.dispatcher().leave(core);
        worker.linkLost(reason);
        if (channel != null) {
            channel.close();
        }
        handOver(core.takeAll(), unsent);
        worker.checkDrained();
    }

    private void handOver(List<Call> calls, int unsent) {
        List<Call> retried = new ArrayList<>();
        int begun = calls.size() - unsent;
        for (int i = 0; i < calls.size(); i++) {
            Call call = calls.get(i);
            call.body().cutOff();
            if (!call.exchange().ended() && call.retry(i >= begun)) {
                retried.add(call);
            } else {
                call.done();
                call.fail(Failure.upstream(502, "worker-died", "The application process ended during this request."));
            }
        }
        pool.dispatcher().putBack(retried);
        pool.dispatcher().dispatch();
    }
}
