package io.juwsgi.router.upstream;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.netty.buffer.ByteBuf;

/** Whoever has a {@link CallLink}: a call, or the second try of one. Called on the call's event loop, which owns it. */
interface LinkUser {

    /** Returns the request that the link is to carry. */
    Request request();

    /** A connection is there. */
    void connected(CallLink to);

    /** No connection could be made. */
    void connectFailed(Trouble trouble);

    /** The endpoint takes more of the body. */
    void takesMore();

    /** Returns whether nothing is to be expected of the endpoint now: the client is the one that is slow. */
    boolean waitsForClient();

    /** The endpoint leaves HTTP for what the client asked for. */
    void switched(Response head);

    /** The endpoint says something before its answer (RFC 9110 section 15.2). */
    void answerInterim(Response head);

    /** The answer begins. */
    void answerHead(Response head);

    /** More of the answer. */
    void answerData(ByteBuf bytes);

    /** The fields behind the body. */
    void answerTrailers(Fields fields);

    /** Comes now and then, while the link is in use. */
    void tick();

    /** The answer is complete, and the connection has been given back. */
    void answerEnded();

    /** The connection is gone, or good for nothing. */
    void broken(Trouble trouble);
}
