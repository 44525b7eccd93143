package io.juwsgi.spi.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One request with its response as streams. Owned by the thread that its {@link BlockingHandler} is
 * called on, or by those that this thread waits for: one may read the body while another one writes the response.
 */
public interface BlockingExchange {

    /** Returns the request id: 16 hexadecimal digits, the same as in log lines. */
    String id();

    /** Returns the request's head. */
    Request request();

    /** Returns the part of the path behind the mount point: empty, or beginning with a slash. */
    String pathInfo();

    /**
     * Returns the request's body, the same stream each time. Reading blocks until bytes come; while nobody reads, the
     * client is not read either. It fails with an {@link IOException} when the client goes away or is too slow.
     */
    InputStream body();

    /**
     * Sets the response's status; 200 at first.
     *
     * @param status 200 to 599
     * @throws IllegalStateException when the response's head has been sent
     */
    void status(int status);

    /** Returns the response's header fields, to be changed until the first byte of the body is flushed. */
    Fields fields();

    /**
     * Tells the client at once what the response will need: 103 with a {@code Link} field for each of them (RFC 8297).
     * Before the first byte of the body; dropped where the protocol or the server has no such thing.
     *
     * @param links values of Link, such as {@code </style.css>; rel=preload; as=style}
     * @throws IOException when the client is gone
     */
    default void earlyHints(String... links) throws IOException {}

    /**
     * Returns the response's body, the same stream each time. Bytes are gathered: a response that fits is sent with its
     * length when the handler returns, a longer one streams. Writing blocks while the client is slow, and fails with an
     * {@link IOException} when it is gone.
     */
    OutputStream output();

    /**
     * Returns the fields that go out behind the response's body (RFC 9110 section 6.5), to be filled until the handler
     * returns. They are dropped where the client does not {@linkplain io.juwsgi.spi.http.Trailers#takenBy take} them; see
     * {@link ResponseSink#trailers}.
     */
    default Fields trailers() {
        return new Fields(0);
    }

    /**
     * Returns the fields that the client sent behind its body; empty before {@link #body} has told its end, and when there
     * were none. See {@link RequestBody#trailers}.
     */
    default Fields requestTrailers() {
        return new Fields(0);
    }

    /**
     * Accepts the WebSocket that the request asks for, in place of a response.
     *
     * @param protocols the subprotocols that the handler speaks
     * @return the WebSocket; empty when the request does not ask for one as RFC 6455 wants: answer then, with 426 for instance
     * @throws IOException when the client is gone
     */
    default Optional<WebSocket> webSocket(String... protocols) throws IOException {
        return Optional.empty();
    }

    /**
     * Fails the exchange: an error page, and the failure's word in the access log. When the response's head has been sent
     * the response is cut off instead, so that the client sees that something is missing.
     *
     * @throws IOException when the client is gone
     */
    default void fail(Failure failure) throws IOException {
        send(failure.status(), "text/plain; charset=utf-8", failure.reason() + "\n");
    }

    /**
     * Answers with a text in UTF-8.
     *
     * @param status the status
     * @param contentType the type of the text, such as {@code application/json}
     * @throws IOException when the client is gone
     */
    default void send(int status, String contentType, String text) throws IOException {
        status(status);
        fields().set("Content-Type", contentType);
        output().write(text.getBytes(StandardCharsets.UTF_8));
    }
}
