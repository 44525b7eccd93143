package io.juwsgi.spi.exchange;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket as a handler that may block sees it: whole messages. One thread receives; any number may send. Pings are
 * answered, and sent to a client that is silent, by the server. It is closed with {@link #NORMAL} when the handler returns.
 */
public interface WebSocket {
    /** The close code of a conversation that has come to its end (RFC 6455 section 7.4.1). */
    int NORMAL = 1000;

    /**
     * A message. Two of them are never compared.
     *
     * @param text whether it was sent as text, and so is valid UTF-8
     * @param data its bytes, the reader's own
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Message(boolean text, byte[] data) {

        /** Returns the message as text. */
        public String string() {
            return new String(data, StandardCharsets.UTF_8);
        }
    }

    /** Returns the subprotocol that was agreed on, or null. */
    @Nullable
    String protocol();

    /**
     * Waits for the next message. While nobody waits the client is held back.
     *
     * @return the message, or null when the WebSocket is closed, by whomever
     * @throws IOException when the thread is interrupted
     */
    @Nullable
    Message receive() throws IOException;

    /**
     * Sends a text; waits while the client is slow.
     *
     * @throws IOException when the WebSocket is closed
     */
    void send(String text) throws IOException;

    /**
     * Sends bytes; waits while the client is slow.
     *
     * @throws IOException when the WebSocket is closed
     */
    void send(byte[] data) throws IOException;

    /**
     * Closes it; does nothing when it is closed.
     *
     * @param code the close code, such as {@link #NORMAL} or 4000 to 4999 for codes of the application's own
     * @param reason some words for the client, at most 123 bytes in UTF-8
     */
    void close(int code, String reason);

    /** Returns the close code: the client's, 1006 when it went away without one, 0 while the WebSocket is open. */
    int closeCode();
}
