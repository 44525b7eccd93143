package io.juwsgi.spi.exchange;

/**
 * A request's body, as a stream with back-pressure. Owned by the exchange's event loop.
 *
 * <p>Nothing is delivered before {@link #read}; a body that is never read is discarded or cut off by the front when the
 * response is complete.
 */
public interface RequestBody {

    /** Returns the length in bytes, 0 when there is no body, or -1 when only its end will tell. */
    long length();

    /** Starts delivery to {@code receiver}. May be called once. */
    void read(Receiver receiver);

    /** Asks for no more data until {@link #resume}; what is already on the way may still arrive. */
    void pause();

    /** Undoes {@link #pause}. */
    void resume();

    /**
     * Returns the fields behind the body (RFC 9110 section 6.5), of which those that must not stand there were dropped. They
     * are known once {@link Receiver#end} was called; until then, and when the client sent none, this is empty. They are
     * the client's word like any header field.
     */
    default Fields trailers() {
        return new Fields(0);
    }

    /** Takes a body. Called on the event loop; after {@link #end} or {@link #failed} nothing more comes. */
    interface Receiver {

        /** Takes the next bytes; the receiver owns the chunk and must release it. */
        void data(Chunk chunk);

        /** The body is complete. */
        void end();

        /** The body will not be complete: the client went away, was too slow, or broke the protocol. */
        void failed(Failure failure);
    }
}
