package io.juwsgi.router.upstream.codec;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.netty.buffer.ByteBuf;

/**
 * One protocol on one connection to an upstream server: writes requests, reads answers, one after the other. Owned by the
 * connection's event loop.
 */
public interface Codec {

    /** Takes what a request is written to; each buffer is the taker's from then on. */
    @FunctionalInterface
    interface Output {
        void write(ByteBuf bytes);
    }

    /** Takes an answer: once {@link #head}, then any number of {@link #data}, then {@link #end}. */
    interface Answer {

        /** Takes a head before the answer's, such as 103, without fields that concern the connection alone. */
        default void interim(Response head) {}

        /** Takes the head, without fields that concern the connection alone. */
        void head(Response head);

        /** Takes the next bytes of the body, which belong to the taker. */
        void data(ByteBuf bytes);

        /** The server leaves HTTP for the protocol that was asked for; what follows is {@link #data} of that. */
        default void switched(Response head) {}

        /** Takes the fields behind the body, before {@link #end}. */
        default void trailers(Fields fields) {}

        /** The answer is complete. */
        void end();
    }

    /**
     * Begins a request.
     *
     * @param out takes the head
     * @throws BadRequestLength when the request does not fit into the protocol
     */
    void begin(Outgoing request, ByteBuf out) throws BadRequestLength;

    /** Writes a part of the request's body. */
    void body(ByteBuf part, Output out);

    /** Says that the request's body is complete. */
    void bodyEnd(Output out);

    /**
     * Says that the request's body is complete, and what fields are behind it where the protocol has a place for them.
     *
     * @param trailers fields that may stand there
     */
    default void bodyEnd(Fields trailers, Output out) {
        bodyEnd(out);
    }

    /**
     * Takes bytes of the answer, and uses up {@code in} unless the answer has ended before.
     *
     * @throws BadAnswerException when they are no answer
     */
    void read(ByteBuf in, Answer answer) throws BadAnswerException;

    /**
     * Says that the server has closed its side.
     *
     * @throws BadAnswerException when the answer is not complete by that
     */
    void closed(Answer answer) throws BadAnswerException;

    /** Returns whether the connection may carry another request; asked when an answer has ended. */
    boolean reusable();
}
