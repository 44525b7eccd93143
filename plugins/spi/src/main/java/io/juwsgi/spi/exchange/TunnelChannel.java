package io.juwsgi.spi.exchange;

/**
 * The client's side of a connection that has left HTTP, on its exchange's event loop, which owns it. After its end every call
 * is ignored, and chunks are released.
 */
public interface TunnelChannel {

    /** Sends bytes; the channel owns the chunk from here on. */
    void send(Chunk chunk);

    /** Says that nothing more is sent: the connection is closed when everything is written. */
    void end();

    /** Returns false when the client is slower than the sender: wait for {@link #onWritable}. */
    boolean writable();

    /**
     * Sets the callback for each change from not writable to writable.
     *
     * @param listener called on the event loop
     */
    void onWritable(Runnable listener);

    /** Asks for no more bytes until {@link #resume}; what is already on the way may still arrive. */
    void pause();

    /** Undoes {@link #pause}. */
    void resume();

    /** Takes what the client sends. Called on the event loop. */
    interface Receiver {

        /** Takes the next bytes; the receiver owns the chunk and must release it. */
        void data(Chunk chunk);

        /** Nothing more comes: the client has ended the connection, or the server stops. Called once. */
        void ended();
    }
}
