package io.juwsgi.router.upstream.codec;

import io.netty.buffer.ByteBuf;

/** A protocol that carries one request a connection: variables, the body as it is, an answer that may end with the connection. */
abstract sealed class SingleRequestCodec implements Codec permits ScgiCodec, UwsgiCodec {
    private final AnswerReader reader;
    private final boolean tunnels;

    /**
     * Makes one for a connection.
     *
     * @param cgi whether heads of answers are CGI's
     * @param tunnels whether the server may leave HTTP when the client asks for it
     */
    SingleRequestCodec(boolean cgi, boolean tunnels) {
        this.reader = new AnswerReader(cgi);
        this.tunnels = tunnels;
    }

    @Override
    public final void begin(Outgoing outgoing, ByteBuf out) throws BadRequestLength {
        if (outgoing.length() < 0) {
            throw new BadRequestLength(411, "The length of this request's body must be known.");
        }
        reader.begin(outgoing.request().method().equals("HEAD"), tunnels ? outgoing.upgrade() : "");
        head(outgoing, out);
    }

    /** Writes what comes before the body. */
    abstract void head(Outgoing outgoing, ByteBuf out) throws BadRequestLength;

    /** Returns what a request gets that is too large for its protocol. */
    static BadRequestLength tooLarge() {
        return new BadRequestLength(431, "The request's head is too large for the server that is to answer it.");
    }

    @Override
    public final void body(ByteBuf part, Output out) {
        out.write(part);
    }

    @Override
    public final void bodyEnd(Output out) {
        // CONTENT_LENGTH has said where it ends.
    }

    @Override
    public final void read(ByteBuf in, Answer answer) throws BadAnswerException {
        reader.read(in, answer);
    }

    @Override
    public final void closed(Answer answer) throws BadAnswerException {
        reader.closed(answer);
    }

    @Override
    public final boolean reusable() {
        return false;
    }
}
