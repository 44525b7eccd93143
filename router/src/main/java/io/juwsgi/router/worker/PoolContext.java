package io.juwsgi.router.worker;

import io.juwsgi.protocol.marshal.MarshalWriter;
import io.juwsgi.spi.LogSink;
import io.juwsgi.spi.exchange.Request;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;

/** What the links of one pool share: settings, dispatch, scratch memory, the flush at the end of a turn. Owned by the pool's event loop. */
final class PoolContext {
    private final EventLoop loop;
    private PoolSettings settings;
    private final LogSink log;
    private final Dispatcher dispatcher;
    private final MarshalWriter marshal = new MarshalWriter();
    private final Request.VariableSink variables = marshal::variable;
    private final ResponseHead heads = new ResponseHead();
    private final ArrayDeque<CoreOutput> dirty = new ArrayDeque<>();
    private final Runnable flushTask = this::flush;

    PoolContext(EventLoop loop, PoolSettings settings, LogSink log, Dispatcher dispatcher) {
        this.loop = loop;
        this.settings = settings;
        this.log = log;
        this.dispatcher = dispatcher;
    }

    /** Flushes {@code link} once when the events of this turn of the loop are worked off, whatever is written till then. */
    void flushLater(CoreOutput link) {
        dirty.add(link);
        if (dirty.size() == 1) {
            loop.execute(flushTask);
        }
    }

    private void flush() {
        CoreOutput link;
        while ((link = dirty.poll()) != null) {
            link.flush();
        }
    }

    EventLoop loop() {
        return loop;
    }

    PoolSettings settings() {
        return settings;
    }

    void settings(PoolSettings next) {
        settings = next;
    }

    LogSink log() {
        return log;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    MarshalWriter marshal() {
        return marshal;
    }

    /** Returns a sink that writes into {@link #marshal}. */
    Request.VariableSink variables() {
        return variables;
    }

    ResponseHead heads() {
        return heads;
    }
}
