package io.juwsgi.spi.front;

import io.juwsgi.spi.extension.LifeCycle;
import java.util.List;
import java.util.Map;

/**
 * Speaks a protocol with clients, each connection on a virtual thread of its own, where it may block: reads requests, submits
 * each as an exchange that passes the filters and the handler like any other, and writes the answers. One object serves all
 * connections: thread-safe. It lives as long as the listeners do; a reload leaves it alone.
 *
 * <p>Users name it by {@code front-socket = ID=ADDRESS}. The server accepts, counts and caps connections, and holds deadlines:
 * {@code http-timeout} for the whole head of a request, for a pause in its body and for a client that does not read,
 * {@code http-keepalive} between two requests.
 */
public interface ProtocolFront extends LifeCycle {

    /**
     * Serves a connection to its end, which is when this returns. What was written is sent first.
     *
     * @param connection for use on the calling thread, until this method returns
     * @throws Exception when it cannot go on: this connection is cut, nothing else. An {@link java.io.IOException} from a
     *     client that has gone, is too slow, ends too early ({@link java.io.EOFException}) or breaks the protocol ({@link
     *     java.net.ProtocolException}) is the client's matter, one from {@link FrontAnswer#body} the answer's; anything
     *     else is a line in the log that names the extension
     */
    void serve(FrontConnection connection) throws Exception;

    /**
     * Returns where to accept connections beside the addresses of {@code front-socket}: addresses as users write them, by the
     * name of the option of {@link io.juwsgi.spi.Extensions#options} that has them. Such options are triggers of the extension.
     * Asked on the main thread, before the listeners are bound.
     */
    default Map<String, List<String>> addresses() {
        return Map.of();
    }
}
