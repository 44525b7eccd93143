package io.juwsgi.router.upstream.codec;

import io.juwsgi.router.exchange.BadRequestException;
import io.juwsgi.router.http1.ChunkedDecoder;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.netty.buffer.ByteBuf;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers: a head, then a body whose end its length, the last chunk, or the end of the stream tells (RFC 9112 section
 * 6.3). Owned by its connection's event loop.
 */
final class AnswerReader {
    private enum State {
        HEAD,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE,
        TUNNEL,
        DONE
    }

    private final HeadReader heads;
    private State state = State.DONE;
    private boolean headRequest;
    private String upgrade = "";
    private boolean persistent;
    private long remaining;
    private @Nullable ChunkedDecoder chunks;

    /**
     * Makes a reader.
     *
     * @param cgi whether heads are CGI's
     */
    AnswerReader(boolean cgi) {
        heads = new HeadReader(cgi);
    }

    /**
     * Gets ready for an answer.
     *
     * @param headRequest whether the method is HEAD, so that the answer has no body
     * @param upgrade the protocol that the server was asked to change to; empty for none
     */
    void begin(boolean headRequest, String upgrade) {
        this.headRequest = headRequest;
        this.upgrade = upgrade;
        state = State.HEAD;
        persistent = false;
    }

    /** Returns whether the server keeps the connection open, as the last head said. */
    boolean persistent() {
        return persistent && state == State.DONE;
    }

    void read(ByteBuf in, Codec.Answer answer) throws BadAnswerException {
        while (in.isReadable() && state != State.DONE) {
            switch (state) {
                case HEAD -> head(in, answer);
                case LENGTH -> {
                    int count = (int) Math.min(remaining, in.readableBytes());
                    remaining -= count;
                    answer.data(in.readRetainedSlice(count));
                    endAt(remaining == 0, answer);
                }
                case CHUNKED -> chunked(in, answer);
                case UNTIL_CLOSE, TUNNEL -> answer.data(in.readRetainedSlice(in.readableBytes()));
                case DONE -> {}
            }
        }
    }

    private void endAt(boolean over, Codec.Answer answer) {
        if (over && state != State.DONE) {
            state = State.DONE;
            answer.end();
        }
    }

    /** The stream has ended. */
    void closed(Codec.Answer answer) throws BadAnswerException {
        persistent = false;
        switch (state) {
            case HEAD ->
                throw BadAnswerException.incomplete(
                        heads.isEmpty() ? "it closed the connection without an answer" : "its head ends in the middle");
            case LENGTH -> throw BadAnswerException.incomplete(remaining + " bytes of its body are missing");
            case CHUNKED -> throw BadAnswerException.incomplete("its last chunk is missing");
            case UNTIL_CLOSE, TUNNEL -> endAt(true, answer);
            case DONE -> {}
        }
    }

    private void head(ByteBuf in, Codec.Answer answer) throws BadAnswerException {
        if (!heads.take(in)) {
            return;
        }
        Response head = heads.parse();
        if (head.status() == 101) {
            change(head, answer);
            return;
        }
        if (head.status() >= 200) {
            String connection = HopByHop.connection(head.fields());
            persistent = connection == null
                    ? heads.http11()
                    : !HopByHop.has(connection, "close") && (heads.http11() || HopByHop.has(connection, "keep-alive"));
            frame(head);
            answer.head(new Response(head.status(), head.reason(), passedOn(head.fields(), connection)));
            endAt(state == State.LENGTH && remaining == 0, answer);
        } else if (head.status() > 101) {
            answer.interim(new Response(
                    head.status(), head.reason(), passedOn(head.fields(), HopByHop.connection(head.fields()))));
        }
    }

    private void change(Response head, Codec.Answer answer) throws BadAnswerException {
        String to = head.fields().first("upgrade");
        if (upgrade.isEmpty() || to == null || !to.equalsIgnoreCase(upgrade)) {
            throw BadAnswerException.malformed("it changes to a protocol that nobody asked for");
        }
        state = State.TUNNEL;
        persistent = false;
        answer.switched(new Response(101, head.reason(), passedOn(head.fields(), HopByHop.connection(head.fields()))));
    }

    private void frame(Response head) throws BadAnswerException {
        long length = length(head.fields());
        boolean chunked = chunked(head.fields());
        if (headRequest || head.status() == 204 || head.status() == 304) {
            remaining = 0;
            state = State.LENGTH;
        } else if (chunked && length >= 0) {
            throw BadAnswerException.malformed("it has both Content-Length and Transfer-Encoding");
        } else if (chunked) {
            chunks = new ChunkedDecoder();
            state = State.CHUNKED;
        } else if (length >= 0) {
            remaining = length;
            state = State.LENGTH;
        } else {
            state = State.UNTIL_CLOSE;
            persistent = false;
        }
    }

    private static long length(Fields fields) throws BadAnswerException {
        long length = -1;
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            if (name.length() == 14 && name.equalsIgnoreCase("content-length")) {
                if (length >= 0) {
                    throw BadAnswerException.malformed("it has several Content-Length fields");
                }
                length = number(fields.value(i));
            }
        }
        return length;
    }

    private static long number(String text) throws BadAnswerException {
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || i > 17) {
                throw BadAnswerException.malformed("its Content-Length is no number");
            }
            number = number * 10 + (c - '0');
        }
        if (text.isEmpty()) {
            throw BadAnswerException.malformed("its Content-Length is no number");
        }
        return number;
    }

    private static boolean chunked(Fields fields) throws BadAnswerException {
        boolean chunked = false;
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            if (name.length() == 17 && name.equalsIgnoreCase("transfer-encoding")) {
                if (chunked || !fields.value(i).toLowerCase(Locale.ROOT).equals("chunked")) {
                    throw BadAnswerException.malformed("its Transfer-Encoding is not chunked, once");
                }
                chunked = true;
            }
        }
        return chunked;
    }

    private Fields passedOn(Fields fields, @Nullable String connection) {
        Fields kept = new Fields(fields.size());
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            // Without chunks there is nothing behind a body.
            boolean empty = state != State.CHUNKED && name.length() == 7 && name.equalsIgnoreCase("trailer");
            if (!empty && !HopByHop.is(name, connection)) {
                kept.add(name, fields.value(i));
            }
        }
        return kept;
    }

    private void chunked(ByteBuf in, Codec.Answer answer) throws BadAnswerException {
        ChunkedDecoder decoder = Objects.requireNonNull(chunks);
        try {
            ByteBuf part;
            while ((part = decoder.next(in)) != null) {
                answer.data(part);
            }
        } catch (BadRequestException e) {
            throw BadAnswerException.malformed("a chunk of its body is malformed");
        }
        Fields trailers = decoder.trailers();
        if (decoder.done() && trailers != null) {
            answer.trailers(trailers);
        }
        endAt(decoder.done(), answer);
    }
}
