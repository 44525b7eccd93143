package io.juwsgi.spi.front;

import io.juwsgi.spi.exchange.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A client's connection as its {@link ProtocolFront} has it. Owned by the thread that the front is called on.
 *
 * <p>Both streams are buffered. What was written is sent when there is enough of it, at a flush, and before anything here
 * waits for the client or for an answer, so that a front need not flush.
 */
public interface FrontConnection {

    /** Returns the option that opened the listener, such as {@code front-socket}. */
    String listener();

    /** Returns the client's address, or what a trusted proxy says of it; empty over a Unix socket. */
    Optional<InetSocketAddress> peer();

    /** Returns the address that the client has connected to; empty over a Unix socket. */
    Optional<InetSocketAddress> local();

    /** Returns the largest head of a request in bytes ({@code buffer-size}); the front answers what is larger, or closes. */
    int headLimit();

    /**
     * Waits for the first byte of a request. False when there will be none: the client has ended its side, was idle for too
     * long, has sent a body that nobody read, or the server stops.
     *
     * @throws IOException when the client is gone
     */
    boolean awaitRequest() throws IOException;

    /**
     * Returns whether the request that is under way is the last one, as far as the server is concerned: for protocols that tell
     * so in the answer.
     */
    boolean closing();

    /**
     * Returns what the client sends. While nobody reads, the client is not read further than a buffer.
     *
     * <p>Reading fails with {@link java.net.SocketTimeoutException} when the client is silent or too slow in the middle of a
     * request; an answer can still be written then.
     */
    InputStream input();

    /** Returns what goes to the client. Writing blocks while the client is slow, and fails when it is gone. */
    OutputStream output();

    /**
     * Gives a request to the server and waits for the head of its answer. There is one answer at a time: it is closed before the
     * next request.
     *
     * @param request the request's head
     * @param body the request's body, without the protocol's framing; at most {@link FrontRequest#length} bytes are read, on this
     *     thread before the call returns, and on another one while the answer is read, until it is closed. Read from
     *     {@link #input} or of the front's making
     * @throws IOException when the client is gone, or the body ends too early
     * @throws IllegalStateException when the last answer is not closed
     */
    FrontAnswer submit(FrontRequest request, InputStream body) throws IOException;

    /**
     * Has the server answer what is no request, or has not come whole: with its error page, and a line in the access log. It is
     * the connection's last answer.
     *
     * @param failure what is wrong, mostly by {@link Failure#client}
     * @return the answer, written and closed like any other
     * @throws IOException when the client is gone
     * @throws IllegalStateException when the last answer is not closed
     */
    FrontAnswer refuse(Failure failure) throws IOException;
}
