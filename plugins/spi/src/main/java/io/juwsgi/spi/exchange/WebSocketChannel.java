package io.juwsgi.spi.exchange;

import org.jspecify.annotations.Nullable;

/** A WebSocket on its exchange's event loop, which owns it. After its end every call is ignored, and chunks are released. */
public interface WebSocketChannel {

    /** Returns the subprotocol that was agreed on, or null. */
    @Nullable
    String protocol();

    /**
     * Sends a message.
     *
     * @param text whether it is UTF-8 text
     * @param payload owned by the channel from here on
     */
    void send(boolean text, Chunk payload);

    /**
     * Says that nothing more is sent, and why (RFC 6455 section 7.4); the client's answer ends the exchange.
     *
     * @param code the close code
     * @param reason some words for the client, at most 123 bytes in UTF-8
     */
    void close(int code, String reason);

    /** Returns false when the client is slower than the sender: wait for {@link #onWritable}. */
    boolean writable();

    /**
     * Sets the callback for each change from not writable to writable.
     *
     * @param listener called on the event loop
     */
    void onWritable(Runnable listener);

    /** Asks for no more messages until {@link #resume}; what is already on the way may still arrive. */
    void pause();

    /** Undoes {@link #pause}. */
    void resume();

    /** Takes what the client sends. Called on the event loop. */
    interface Receiver {

        /**
         * Takes a whole message.
         *
         * @param text whether it is text, and so valid UTF-8
         * @param payload owned by the receiver, which must release it
         */
        void message(boolean text, Chunk payload);

        /**
         * Nothing more comes. Called once.
         *
         * @param code the client's close code, 1005 when it gave none, 1006 when it went away without a word
         */
        void closed(int code);
    }
}
