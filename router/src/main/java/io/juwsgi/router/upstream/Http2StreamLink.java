package io.juwsgi.router.upstream;

import io.juwsgi.router.upstream.codec.Outgoing;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.lang.System.Logger.Level;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One call on a stream of an {@link Http2Line}. Owned by its event loop. */
final class Http2StreamLink implements CallLink {
    private static final System.Logger LOG = System.getLogger(Http2StreamLink.class.getName());

    /** The most fields of a head, as for HTTP/1.1, and its status. */
    private static final int FIELDS = 256 + 1;

    private final Http2Line line;
    private final boolean reused;
    private @Nullable LinkUser call;
    private @Nullable Http2Stream stream;
    /** A WebSocket that waits until it is known whether the server takes it. */
    private @Nullable Outgoing held;
    /** Whether the stream was asked to leave HTTP, and whether it has. */
    private boolean connect;

    private boolean tunnel;
    private boolean answering;
    private boolean over;
    private boolean paused;
    /** Whether the server's frames for it break the protocol. */
    private boolean malformed;
    /** Whether the head has told a length of which nothing has come. */
    private boolean bodyDue;
    /** What the client has not taken while it was slow: not given back to the server's window. */
    private int unconsumed;

    private long progress = System.nanoTime();

    Http2StreamLink(Http2Line line) {
        this.line = line;
        this.reused = line.used();
    }

    @Override
    public UpstreamEndpoint endpoint() {
        return line.endpoint();
    }

    @Override
    public boolean reused() {
        return reused;
    }

    @Override
    public void begin(LinkUser next) {
        call = next;
        line.begin(this, next);
    }

    void connected() {
        if (call != null) {
            call.connected(this);
        }
    }

    void connectFailed(Trouble trouble) {
        LinkUser waiting = call;
        over = true;
        call = null;
        if (waiting != null) {
            waiting.connectFailed(trouble);
        }
    }

    @Override
    public void send(Outgoing request, @Nullable ByteBuf body) {
        progress = System.nanoTime();
        boolean leaves = !request.upgrade().isEmpty() && request.length() == 0;
        if (leaves && !line.settled()) {
            held = request;
            return;
        }
        connect = leaves && line.connects();
        boolean last = request.length() == 0 && !connect;
        String scheme = endpoint().tls().isPresent() ? "https" : "http";
        Http2Stream opened = line.open(this, Http2RequestHeaders.of(request, scheme, connect), last);
        stream = opened;
        if (opened == null) {
            if (body != null) {
                body.release();
            }
            broken(Trouble.UNSEEN, "it lets us open no more streams");
            return;
        }
        if (body != null) {
            line.codec().data(opened.id(), body, request.length() >= 0);
        }
        line.codec().write();
    }

    /** It is known what the server can. */
    void settled() {
        Outgoing waiting = held;
        held = null;
        if (waiting != null && !over) {
            send(waiting, null);
        }
    }

    @Override
    public boolean body(ByteBuf part) {
        progress = System.nanoTime();
        Http2Stream to = stream;
        if (over || to == null) {
            part.release();
            return true;
        }
        line.codec().data(to.id(), part, false);
        return !over && line.codec().encoder().flowController().isWritable(to);
    }

    @Override
    public void bodyEnd(Fields trailers) {
        progress = System.nanoTime();
        if (over || stream == null) {
            return;
        }
        if (trailers.size() == 0) {
            line.codec().data(stream.id(), Unpooled.EMPTY_BUFFER, true);
        } else {
            line.codec().trailers(stream.id(), Http2RequestHeaders.trailers(trailers));
        }
    }

    void becameWritable() {
        progress = System.nanoTime();
        if (call != null
                && stream != null
                && line.codec().encoder().flowController().isWritable(stream)) {
            call.takesMore();
        }
    }

    @Override
    public void reading(boolean on) {
        progress = System.nanoTime();
        paused = !on;
        if (on && stream != null && unconsumed > 0) {
            int due = unconsumed;
            unconsumed = 0;
            line.codec().consumed(stream, due);
        }
    }

    /** Takes a head, or the fields behind the body. */
    void headers(Http2Headers headers, boolean end) {
        LinkUser to = call;
        progress = System.nanoTime();
        if (to == null) {
            return;
        }
        if (headers.size() > FIELDS) {
            broken(Trouble.BAD_ANSWER, "it has " + headers.size() + " fields");
            return;
        }
        if (answering) {
            to.answerTrailers(Http2RequestHeaders.fields(headers));
        } else {
            int status = Http2RequestHeaders.status(headers);
            if (status < 0) {
                broken(Trouble.BAD_ANSWER, "its status is " + headers.status());
                return;
            }
            if (status < 200) {
                if (status > 101) {
                    to.answerInterim(new Response(status, "", Http2RequestHeaders.fields(headers)));
                }
                return;
            }
            bodyDue = Http2RequestHeaders.promisesBody(to.request().method(), status, headers);
            if (end && bodyDue) {
                ended();
                return;
            }
            answering = true;
            if (connect && status < 300) {
                tunnel = true;
                to.switched(Http2RequestHeaders.switching(to.request(), headers));
            } else {
                to.answerHead(new Response(status, "", Http2RequestHeaders.fields(headers)));
            }
        }
        if (end) {
            ended();
        }
    }

    /**
     * Takes a part of the body.
     *
     * @return how many bytes the server may send again
     */
    int data(ByteBuf bytes, boolean end) {
        progress = System.nanoTime();
        int size = bytes.readableBytes();
        LinkUser to = call;
        if (to == null) {
            return size;
        }
        if (!answering) {
            broken(Trouble.BAD_ANSWER, "its body comes before its head");
            return size;
        }
        if (size > 0) {
            bodyDue = false;
            to.answerData(bytes.retain());
        }
        if (end) {
            ended();
            return size;
        }
        if (paused) {
            unconsumed += size;
            return 0;
        }
        return size;
    }

    private void ended() {
        LinkUser done = call;
        if (over || done == null) {
            return;
        }
        if (bodyDue) {
            // The codec lets it pass, because it could be an answer to HEAD.
            broken(Trouble.BAD_ANSWER, "nothing of its Content-Length has come");
            return;
        }
        over = true;
        call = null;
        Http2Stream own = Objects.requireNonNull(stream);
        if (own.state().localSideOpen()) {
            // The answer is there: nobody needs the rest of the request (RFC 9113 section 8.1).
            line.codec().cancel(own.id(), Http2Error.NO_ERROR.code());
        }
        line.left(this);
        done.answerEnded();
    }

    /**
     * The stream is gone.
     *
     * @param unseen whether the server has said that it did not look at the request
     */
    void closed(boolean unseen) {
        if (!over) {
            over = true;
            Trouble early = answering ? Trouble.CUT : Trouble.RESET;
            broken(unseen ? Trouble.UNSEEN : malformed ? Trouble.BAD_ANSWER : early, "the stream was closed");
        }
    }

    /** What the server has sent is no answer; the stream will be closed for it. */
    void malformed() {
        malformed = true;
    }

    private void broken(Trouble trouble, String detail) {
        LinkUser broken = call;
        abandon();
        if (broken != null) {
            LOG.log(Level.DEBUG, "endpoint=" + endpoint() + " " + trouble.why() + ": " + detail);
            broken.broken(trouble);
        }
    }

    /** Looks at deadlines. */
    void tick(long now) {
        LinkUser waiting = call;
        if (waiting == null || (stream == null && held == null)) {
            return;
        }
        if (tunnel) {
            if (now - progress > line.settings().tunnelTimeout().toNanos()) {
                broken(Trouble.STALLED, "the tunnel is idle");
            }
        } else if (waiting.waitsForClient()) {
            progress = now;
        } else if (now - progress > line.settings().timeout().toNanos()) {
            broken(answering ? Trouble.STALLED : Trouble.TIMEOUT, "deadline");
        } else {
            waiting.tick();
        }
    }

    @Override
    public void abandon() {
        boolean open = !over && stream != null;
        over = true;
        call = null;
        if (open && stream != null) {
            line.codec().cancel(stream.id(), Http2Error.CANCEL.code());
        }
        line.left(this);
    }
}
