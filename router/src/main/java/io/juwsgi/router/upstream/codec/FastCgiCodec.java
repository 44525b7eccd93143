package io.juwsgi.router.upstream.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.juwsgi.protocol.fastcgi.FastCgiException;
import io.juwsgi.protocol.fastcgi.FastCgiHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.System.Logger.Level;

/**
 * FastCGI 1.0 to an upstream server, as a responder's web server: one request a connection, because a process of PHP-FPM
 * belongs to its connection as long as that is open.
 */
public final class FastCgiCodec implements Codec {
    private static final System.Logger LOG = System.getLogger(FastCgiCodec.class.getName());

    private static final int REQUEST_ID = 1;
    private static final int MOST_PARAMS = 1 << 20;

    /** So much of what scripts complain of is logged for one request, in characters. */
    private static final int COMPLAINTS = 2000;

    private enum State {
        HEADER,
        CONTENT,
        PADDING,
        DONE
    }

    private final AnswerReader reader = new AnswerReader(true);
    private final ByteBuf header = Unpooled.buffer(8, 8);
    private final StringBuilder complaints = new StringBuilder();
    private State state = State.HEADER;
    private int type;
    private int content;
    private int padding;
    private boolean answered;

    @Override
    public void begin(Outgoing outgoing, ByteBuf out) throws BadRequestLength {
        if (outgoing.length() < 0) {
            throw new BadRequestLength(411, "The length of this request's body must be known.");
        }
        reader.begin(outgoing.request().method().equals("HEAD"), "");
        header(out, FastCgiHeader.BEGIN_REQUEST, FastCgiHeader.REQUEST_SIZE);
        out.writeShort(FastCgiHeader.RESPONDER).writeZero(6);
        ByteBuf params = out.alloc().buffer(1024);
        try {
            CgiVariables.give(outgoing, (name, value) -> {
                length(params, name.length());
                length(params, value.length());
                params.writeCharSequence(name, ISO_8859_1);
                params.writeCharSequence(value, ISO_8859_1);
            });
            if (params.readableBytes() > MOST_PARAMS) {
                throw new BadRequestLength(431, "The request's head is too large for the server that is to answer it.");
            }
            while (params.isReadable()) {
                int count = Math.min(FastCgiHeader.MAX_CONTENT, params.readableBytes());
                header(out, FastCgiHeader.PARAMS, count);
                out.writeBytes(params, count);
            }
        } finally {
            params.release();
        }
        header(out, FastCgiHeader.PARAMS, 0);
    }

    private static void header(ByteBuf out, int type, int length) {
        out.writeByte(FastCgiHeader.VERSION)
                .writeByte(type)
                .writeShort(REQUEST_ID)
                .writeShort(length)
                .writeShort(0);
    }

    private static void length(ByteBuf out, int length) {
        if (length < 128) {
            out.writeByte(length);
        } else {
            out.writeInt(length | 1 << 31);
        }
    }

    @Override
    public void body(ByteBuf part, Output out) {
        while (part.readableBytes() > FastCgiHeader.MAX_CONTENT) {
            record(part.readRetainedSlice(FastCgiHeader.MAX_CONTENT), out);
        }
        if (part.isReadable()) {
            record(part, out);
        } else {
            part.release();
        }
    }

    private static void record(ByteBuf part, Output out) {
        ByteBuf head = Unpooled.buffer(8);
        header(head, FastCgiHeader.STDIN, part.readableBytes());
        out.write(head);
        out.write(part);
    }

    @Override
    public void bodyEnd(Output out) {
        ByteBuf end = Unpooled.buffer(8);
        header(end, FastCgiHeader.STDIN, 0);
        out.write(end);
    }

    @Override
    public void read(ByteBuf in, Answer answer) throws BadAnswerException {
        Answer once = new Once(answer);
        while (in.isReadable() && state != State.DONE) {
            switch (state) {
                case HEADER -> readHeader(in);
                case CONTENT -> readContent(in, once);
                case PADDING -> {
                    int skipped = Math.min(padding, in.readableBytes());
                    in.skipBytes(skipped);
                    padding -= skipped;
                    state = padding == 0 ? State.HEADER : State.PADDING;
                }
                case DONE -> {}
            }
            endOfRecord(once);
        }
    }

    private void readHeader(ByteBuf in) throws BadAnswerException {
        in.readBytes(header, Math.min(header.writableBytes(), in.readableBytes()));
        if (header.isWritable()) {
            return;
        }
        FastCgiHeader read = parsed();
        header.clear();
        type = read.type();
        content = read.content();
        padding = read.padding();
        if (read.requestId() != REQUEST_ID) {
            throw BadAnswerException.malformed("a record is of request " + read.requestId());
        }
        if (type != FastCgiHeader.STDOUT && type != FastCgiHeader.STDERR && type != FastCgiHeader.END_REQUEST) {
            throw BadAnswerException.malformed("a record is of type " + type);
        }
        state = State.CONTENT;
    }

    private FastCgiHeader parsed() throws BadAnswerException {
        try {
            return FastCgiHeader.read(header.array(), header.arrayOffset());
        } catch (FastCgiException e) {
            throw BadAnswerException.malformed(String.valueOf(e.getMessage()));
        }
    }

    private void readContent(ByteBuf in, Answer answer) throws BadAnswerException {
        ByteBuf part = in.readSlice(Math.min(content, in.readableBytes()));
        content -= part.readableBytes();
        if (type == FastCgiHeader.STDOUT) {
            reader.read(part, answer);
        } else if (type == FastCgiHeader.STDERR && complaints.length() < COMPLAINTS) {
            complaints.append(part.toString(ISO_8859_1), 0, Math.min(part.readableBytes(), COMPLAINTS));
        }
    }

    /** A record's content is over, when nothing of it is missing; that of the last record ends the answer. */
    private void endOfRecord(Answer answer) throws BadAnswerException {
        if (state != State.CONTENT || content > 0) {
            return;
        }
        state = padding > 0 ? State.PADDING : State.HEADER;
        if (type == FastCgiHeader.END_REQUEST) {
            state = State.DONE;
            complain();
            if (!answered) {
                reader.closed(answer);
            }
        }
    }

    private void complain() {
        if (!complaints.isEmpty()) {
            String text = complaints.toString().strip().replaceAll("[\\x00-\\x1f\\x7f-\\x9f]+", " ");
            LOG.log(Level.WARNING, "fastcgi: " + text);
        }
    }

    @Override
    public void closed(Answer answer) throws BadAnswerException {
        if (!answered) {
            throw BadAnswerException.incomplete("it closed the connection before the end of the request");
        }
    }

    @Override
    public boolean reusable() {
        return false;
    }

    /** Notes the end of the answer, which its length may tell before the last record does. */
    private final class Once implements Answer {
        private final Answer to;

        Once(Answer to) {
            this.to = to;
        }

        @Override
        public void head(io.juwsgi.spi.exchange.Response head) {
            to.head(head);
        }

        @Override
        public void data(ByteBuf bytes) {
            to.data(bytes);
        }

        @Override
        public void end() {
            answered = true;
            to.end();
        }
    }
}
