package io.juwsgi.spi.log;

import io.juwsgi.spi.extension.LifeCycle;
import java.io.IOException;
import java.util.List;

/**
 * A place where lines go: a file, syslog, a socket.
 *
 * <p>After {@link #start}, which runs on the main thread, one thread of the logger's own calls the other methods, one at a
 * time; they may block, which holds up nobody: lines wait in a bounded queue before the logger and are dropped and
 * counted when it is full.
 */
public interface Logger extends LifeCycle {

    /**
     * Takes lines, in order.
     *
     * @param lines at least one; each is complete, as all encoders have left it
     * @throws IOException when the lines are lost, all or some; the reason is logged elsewhere, once, and the next lines
     *     come as if nothing had happened, so that a target that is back is found by itself
     */
    void write(List<LogLine> lines) throws IOException;

    /**
     * Opens its target again, because somebody has put another one in its place. Nothing to do for most.
     *
     * @throws IOException when it cannot be opened; {@link #write} is called none the less
     */
    default void reopen() throws IOException {}

    /**
     * Puts what it has written aside and begins anew. Only files can.
     *
     * @throws IOException when that is not possible; {@link #write} is called none the less
     */
    default void rotate() throws IOException {}
}
