package io.juwsgi.spi.exchange;

/**
 * Where a response goes: first {@link #head}, then any number of {@link #data} and {@link #file}, then {@link #end}. Owned
 * by the exchange's event loop. After the exchange has ended every call is ignored, and chunks are released.
 */
public interface ResponseSink {

    /**
     * Starts the response; the sink owns the head's fields from here on, and filters change them. Message framing
     * (Content-Length or chunks, keep-alive, Date, Server) is the front's matter.
     */
    void head(Response head);

    /**
     * Tells the client something before the response, in a head of its own: 103 with {@code Link} fields, so that a browser
     * loads what the page will need (RFC 8297). Before {@link #head}, any number of times. It is dropped where the protocol
     * has no such thing: HTTP/1.0, the uwsgi protocol. Filters pass it on unless they override it.
     *
     * @param head a status of 102 to 199, without 101, and fields; the sink owns them from here on
     */
    default void interim(Response head) {}

    /** Sends body bytes; the sink owns the chunk from here on. */
    void data(Chunk chunk);

    /** Sends part of a file; the sink closes the region's channel. */
    void file(FileRegion region);

    /**
     * Says what fields go out behind the body (RFC 9110 section 6.5): once, between {@link #head} and {@link #end}. Fields
     * that {@linkplain io.juwsgi.spi.http.Trailers#isPermitted must not} stand there are dropped, and all of them where
     * the client does not {@linkplain io.juwsgi.spi.http.Trailers#takenBy take} any. A response whose head has a
     * Content-Length needs a {@code Trailer} field in it too: without that it is over with its last byte.
     *
     * @param trailers the fields, owned by the sink from here on
     */
    default void trailers(Fields trailers) {}

    /** Completes the response. */
    void end();

    /** Returns false when the client is slower than the producer: wait for {@link #onWritable}. */
    boolean writable();

    /**
     * Sets the callback for each change from not writable to writable.
     *
     * @param listener called on the event loop
     */
    void onWritable(Runnable listener);
}
