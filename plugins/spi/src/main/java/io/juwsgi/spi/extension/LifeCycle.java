package io.juwsgi.spi.extension;

/**
 * The life of what a {@link Factory} makes: made, started, used, closed.
 *
 * <p>All components are made before the first one is started; they are closed in the reverse order, also when one after
 * them could not be started. One that was made and never started is closed too.
 */
public interface LifeCycle {

    /**
     * Opens what the component needs: files, sockets, threads. Called once, on the main thread, before the first use.
     *
     * @throws Exception when the component cannot work; the server does not start, and says why with the message
     */
    default void start() throws Exception {}

    /**
     * Gives back what {@link #start} opened. Called once, after the last use, on a thread that may block.
     *
     * @throws Exception when something could not be given back; this is logged and hinders nothing else
     */
    default void close() throws Exception {}
}
