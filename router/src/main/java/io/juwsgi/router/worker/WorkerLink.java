package io.juwsgi.router.worker;

import io.juwsgi.protocol.link.FrameException;
import io.juwsgi.protocol.link.FrameType;
import io.juwsgi.spi.worker.WorkerEndpoint;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One worker process: its connections, whether it gets requests, its counters. Owned by the pool's event loop.
 *
 * <p>It ends with its connections, not with the news of its death: an answer that was written before a process died may
 * still be in the socket.
 */
final class WorkerLink {
    private static final System.Logger LOG = System.getLogger(WorkerLink.class.getName());

    /** How long connections may outlive the process; a child that it forked may hold them open for ever. */
    private static final long GRACE_NANOS = Duration.ofSeconds(1).toNanos();

    private final WorkerEndpoint endpoint;
    private final PoolContext pool;
    private final Load load = new Load();
    private final List<CoreLink> cores = new ArrayList<>();
    private final SideLink side = new SideLink(this);
    private final long harakiriNanos;
    private boolean accepting = true;
    private boolean draining;
    private boolean drained;
    private boolean gone;
    private boolean failed;
    private boolean worn;
    private long goneNanos;
    private long requests;
    private long exceptions;
    private long harakiris;
    private long txBytes;
    private long runningMicros;

    WorkerLink(WorkerEndpoint endpoint, PoolContext pool) {
        this.endpoint = endpoint;
        this.pool = pool;
        this.harakiriNanos = pool.settings().harakiri().toNanos();
        for (int i = 0; i < endpoint.cores(); i++) {
            cores.add(new CoreLink(this, i, pool));
        }
    }

    /** Connects everything. */
    void connect() {
        connect(side, null);
        for (CoreLink core : cores) {
            pool.dispatcher().join(core.core());
            connect(core, core);
        }
    }

    private void connect(ChannelHandler handler, @Nullable CoreLink core) {
        LinkTransport.connect(pool.loop(), endpoint.linkSocket(), handler).addListener(future -> {
            if (!future.isSuccess()) {
                String reason = "cannot connect to " + endpoint.linkSocket() + ": " + future.cause();
                if (core != null) {
                    core.lose(reason);
                } else {
                    linkLost(reason);
                }
            }
        });
    }

    void coreConnected(CoreLink link) {
        if (gone || link.isLost()) {
            link.lose("the process is gone");
        } else {
            link.core().open(accepting);
            pool.dispatcher().dispatch();
        }
    }

    void sideConnected() {
        if (gone) {
            side.close();
        }
    }

    // ---- what the cores report

    /** Counts an answer. */
    void answered(long micros) {
        requests++;
        runningMicros += micros;
        int limit = pool.settings().maxRequests();
        if (limit > 0 && !worn && requests >= limit + (long) pool.settings().maxRequestsDelta() * endpoint.id()) {
            worn = true;
            endpoint.worn();
        }
    }

    void exception() {
        exceptions++;
    }

    void harakiri() {
        harakiris++;
    }

    void sent(long bytes) {
        txBytes += bytes;
    }

    /** A connection ended: none of the others gets requests any more. */
    void linkLost(String reason) {
        stopAccepting();
        // After the last answer of a draining worker the master stops it: its connections end before it does.
        if (!gone && !drained) {
            fail(reason);
        }
    }

    void sideLost(String reason) {
        linkLost(reason);
    }

    /** Reports once that the worker must be replaced; it gets no further request. */
    void fail(String reason) {
        stopAccepting();
        if (!failed) {
            failed = true;
            LOG.log(Level.DEBUG, "worker=" + endpoint.id() + " pid=" + endpoint.pid() + " failed: " + reason);
            endpoint.failed(reason);
        }
    }

    private void stopAccepting() {
        accepting = false;
        for (CoreLink core : cores) {
            core.core().open(false);
        }
    }

    // ---- the side link

    /** Asks for what a core has not begun. */
    boolean recall(Core core) {
        return side.send(FrameType.RECALL, core.number(), 0);
    }

    boolean trace(Core core) {
        return side.send(FrameType.TRACE, core.number(), 0);
    }

    void interrupt(Core core, int request) {
        side.send(FrameType.INTERRUPT, request, core.number());
    }

    void recalled(int number, ByteBuf bytes, int length) throws FrameException {
        CoreLink link = core(number);
        if (length % Integer.BYTES != 0) {
            throw new FrameException("RECALLED: " + length + " bytes (expected: a multiple of 4)");
        }
        if (link.isLost()) {
            return;
        }
        List<Call> calls = new ArrayList<>(length / Integer.BYTES);
        try {
            for (int at = 0; at < length; at += Integer.BYTES) {
                int id = bytes.getIntLE(bytes.readerIndex() + at);
                calls.add(taken(link.core(), id));
            }
        } finally {
            calls.removeIf(WorkerLink::over);
            pool.dispatcher().recalled(link.core(), calls);
        }
        checkDrained();
    }

    private static Call taken(Core core, int id) throws FrameException {
        Call call = core.take(id);
        if (call == null || call.responseBegun() || !call.body().isWhole()) {
            throw new FrameException("recalled request: " + Integer.toUnsignedString(id) + " of core " + core.number()
                    + " (expected: one in flight that has not begun)");
        }
        return call;
    }

    private static boolean over(Call call) {
        if (call.exchange().ended()) {
            call.done();
            return true;
        }
        return false;
    }

    void traced(int number, int request, String stack) throws FrameException {
        core(number).traced(request, stack);
    }

    private CoreLink core(int number) throws FrameException {
        if (number < 0 || number >= cores.size()) {
            throw new FrameException(
                    "core: " + Integer.toUnsignedString(number) + " (expected: below " + cores.size() + ")");
        }
        return cores.get(number);
    }

    // ---- what the process plane says

    void drain() {
        draining = true;
        stopAccepting();
        checkDrained();
    }

    /** Reports once that a draining worker holds nothing any more. */
    void checkDrained() {
        if (!draining || drained) {
            return;
        }
        for (CoreLink core : cores) {
            if (!core.core().idle()) {
                return;
            }
        }
        drained = true;
        endpoint.drained();
    }

    void processGone(long nowNanos) {
        gone = true;
        goneNanos = nowNanos;
        stopAccepting();
        side.close();
    }

    // ---- now and then

    /** Looks at deadlines. */
    void tick(long nowNanos) {
        boolean over = gone && nowNanos - goneNanos > GRACE_NANOS;
        for (CoreLink core : cores) {
            if (over && !core.paused()) {
                core.lose("the process is gone");
            } else {
                core.checkDeadline(nowNanos);
            }
        }
    }

    /** Returns whether nothing is left of it. */
    boolean isOver() {
        if (!gone) {
            return false;
        }
        for (CoreLink core : cores) {
            if (!core.isLost()) {
                return false;
            }
        }
        return true;
    }

    /** Ends all connections. */
    void close() {
        gone = true;
        side.close();
        cores.forEach(core -> core.lose("the server stops"));
    }

    WorkerEndpoint endpoint() {
        return endpoint;
    }

    Load load() {
        return load;
    }

    List<CoreLink> cores() {
        return cores;
    }

    long mercyNanos() {
        return pool.settings().harakiriMercy().toNanos();
    }

    boolean verbose() {
        return pool.settings().verbose();
    }

    long harakiriNanos() {
        return harakiriNanos;
    }

    /** Returns whether it accepts requests and has none. */
    boolean isIdle() {
        return accepting && load.busyCores() == 0;
    }

    /** Returns how long the application has worked on requests that are answered. */
    long runningMicros() {
        return runningMicros;
    }

    WorkerStats stats() {
        List<CoreStats> all = new ArrayList<>(cores.size());
        for (CoreLink link : cores) {
            Core core = link.core();
            Call head = core.head();
            String uri = head == null ? "" : head.exchange().request().target();
            String method = head == null ? "" : head.exchange().request().method();
            all.add(new CoreStats(core.number(), core.given(), core.held(), uri, method));
        }
        return new WorkerStats(
                endpoint.id(),
                endpoint.pid(),
                accepting,
                requests,
                exceptions,
                harakiris,
                txBytes,
                runningMicros,
                load.averageMicros(),
                load.depth(),
                all);
    }
}
