package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.TunnelChannel;
import io.juwsgi.spi.exchange.WebSocketChannel;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one exchange: the only part of it that knows how bytes are framed on the wire. Each protocol front
 * makes one for each exchange. Owned by the connection's event loop.
 *
 * <p>The exchange calls {@link #head} once with success, then {@link #data} and {@link #file} with no more bytes than the
 * head told, then {@link #end} when the response is complete, and always {@link #ended}.
 */
public interface ClientStream {

    /** Returns what the connection shares with the others of its listener. */
    Front front();

    /** Returns what the connection shares with the others of its event loop. */
    LoopContext loop();

    /**
     * Writes the response's head, and the first bytes of its body with it.
     *
     * @param bodiless whether no body follows whatever the head says: HEAD, 204, 304
     * @param length the Content-Length to tell, -1 when there is none to tell
     * @param content the first bytes of the body, owned by the stream from here on, or null
     * @return false when the head is not valid: nothing was written
     */
    boolean head(Response head, boolean bodiless, long length, @Nullable ByteBuf content);

    /** Writes a head before the response's, such as 103; dropped where the protocol has none, or when it is not valid. */
    default void interim(Response head) {}

    /** Writes body bytes, owned by the stream from here on. */
    void data(ByteBuf bytes);

    /** Writes the first {@code count} bytes of a region and closes its channel. */
    void file(FileRegion region, long count);

    /** Marks the end of a complete body. */
    void end();

    /** Returns whether the protocol has a place for fields behind a body whose length was not told. */
    default boolean carriesTrailers() {
        return false;
    }

    /**
     * Marks the end of a complete body, with fields behind it where the protocol has a place for them.
     *
     * @param trailers checked fields
     */
    default void end(Fields trailers) {
        end();
    }

    /** Returns false when the client is slower than the producer. */
    boolean writable();

    /** Sees to it that {@link ServerExchange#commitHeld} is called and all is flushed when the event loop's turn ends. */
    void requestFlush();

    /**
     * Hears that the exchange is over.
     *
     * @param cut whether the client must see that something is missing
     */
    void ended(ServerExchange exchange, boolean cut);

    /**
     * Leaves HTTP for a WebSocket, in place of a response's head.
     *
     * @param exchange the exchange, which the WebSocket's end ends
     * @return the WebSocket, or null when the request asks for none or the protocol has none: nothing was written
     */
    default @Nullable WebSocketChannel webSocket(
            ServerExchange exchange, List<String> protocols, WebSocketChannel.Receiver receiver) {
        return null;
    }

    /**
     * Leaves HTTP for the protocol that the client asked for.
     *
     * @param exchange the exchange, which the tunnel's end ends
     * @return the tunnel, or null when that cannot be: nothing was written
     */
    default @Nullable TunnelChannel tunnel(ServerExchange exchange, Response head, TunnelChannel.Receiver receiver) {
        return null;
    }

    /** Returns the size of the head that was written, in bytes; 0 before. */
    int headBytes();

    /** Returns how many fields the head that was written had; 0 before. */
    int fieldCount();
}
