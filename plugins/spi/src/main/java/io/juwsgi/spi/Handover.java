package io.juwsgi.spi;

/**
 * A component that has a part in the end of a server, and in its replacement by another process without a lost connection. What a
 * factory makes implements it beside its own type. Each method has a default that does nothing.
 */
public interface Handover {

    /** The most that can be handed over, in bytes. */
    int LARGEST = 16 << 20;

    /**
     * The server begins to end: it takes connections until this returns, and then answers what it has. Called once, on a virtual
     * thread, which may block for two seconds; nobody waits longer.
     *
     * @param replaced whether another process serves already at the same addresses
     */
    default void leaving(boolean replaced) {}

    /**
     * Returns what the process that takes over should know. Called on a thread that may block for a moment.
     *
     * @return at most {@link #LARGEST} bytes; none for nothing
     */
    default byte[] handOver() {
        return new byte[0];
    }

    /**
     * Takes what the component with the same id in the process before has handed over, just before this process serves alone. Called
     * once, on the main thread, after {@link io.juwsgi.spi.extension.LifeCycle#start}; not called when there is nothing.
     *
     * @param state from a process of this user, which may have had another version of the component
     * @throws Exception when it cannot be read; that is logged, and the server goes on without it
     */
    default void takeOver(byte[] state) throws Exception {}
}
