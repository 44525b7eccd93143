package io.juwsgi.router.front;

import io.juwsgi.router.chain.ExtensionStats;
import io.juwsgi.spi.front.ProtocolFront;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.LongAdder;

/** A front of a plugin, and how it behaves. Any thread may use it. */
public final class PluggedFront {
    private static final System.Logger LOG = System.getLogger(PluggedFront.class.getName());

    private final String id;
    private final ProtocolFront front;
    private final LongAdder exceptions = new LongAdder();

    /**
     * Makes one of which nothing is known.
     *
     * @param id the id of its extension
     */
    public PluggedFront(String id, ProtocolFront front) {
        this.id = id;
        this.front = front;
    }

    /** Returns the id of its extension. */
    public String id() {
        return id;
    }

    /** Returns the front itself. */
    public ProtocolFront front() {
        return front;
    }

    /** Writes a line about what it has thrown, and counts it: who sees the count finds the line. */
    void threw(String connection, Throwable thrown) {
        LOG.log(Level.ERROR, line(connection, thrown), thrown);
        exceptions.increment();
    }

    /** Writes a line about what it could not do. */
    void failed(String connection, Throwable thrown) {
        LOG.log(Level.WARNING, line(connection, thrown));
    }

    /** Notes what the client or an application did, which is in the access log. */
    void notToBlame(String connection, Throwable thrown) {
        LOG.log(Level.DEBUG, line(connection, thrown));
    }

    private String line(String connection, Throwable thrown) {
        return "plugin=" + id + " failed on a connection" + connection + ": " + thrown;
    }

    /** Returns how it behaves. */
    public ExtensionStats stats() {
        return new ExtensionStats(id, exceptions.sum(), 0);
    }
}
