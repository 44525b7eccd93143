package io.juwsgi.router.upstream;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One try of a call: an endpoint, and what carries the request there. A call has one at a time, or two when it hedges. Once it is
 * over nothing that comes of it counts. Owned by the call's event loop.
 */
final class Attempt implements LinkUser {
    private final UpstreamCall call;
    private final UpstreamEndpoint endpoint;
    private CallLink link;
    private final boolean reused;
    private long sentNanos;
    private boolean over;
    /** What has come of a short answer; null when it is passed on as it comes. */
    private @Nullable HeldAnswer held;

    /** Whether what is held was there at the last look already. */
    private boolean heldLong;

    /**
     * Makes one, which {@link #begin} sends.
     *
     * @param link leads to the endpoint
     */
    Attempt(UpstreamCall call, UpstreamEndpoint endpoint, CallLink link) {
        this.call = call;
        this.endpoint = endpoint;
        this.link = link;
        this.reused = link.reused();
        endpoint.begin();
    }

    /** Connects; the link may answer or break at once. */
    void begin() {
        link.begin(this);
    }

    UpstreamEndpoint endpoint() {
        return endpoint;
    }

    CallLink link() {
        return link;
    }

    /** Returns how long ago the request was sent, in nanoseconds; 0 when it was not. */
    long tookNanos(long nanoTime) {
        return sentNanos == 0 ? 0 : nanoTime - sentNanos;
    }

    /** Returns whether {@code trouble} says nothing about the endpoint: an idle connection may end at the moment of its use. */
    boolean isStale(Trouble trouble) {
        return reused && (trouble == Trouble.RESET || trouble == Trouble.UNSEEN);
    }

    /** Nobody wants its answer any more, which is no failure of the endpoint. */
    void abandon() {
        if (!over) {
            over();
            link.abandon();
        }
    }

    /** Another one was quicker. */
    void outrun(long nanoTime) {
        endpoint.outrun(tookNanos(nanoTime), nanoTime);
        abandon();
    }

    @Override
    public Request request() {
        return call.request();
    }

    @Override
    public void connected(CallLink to) {
        link = to;
        if (over) {
            return;
        }
        sentNanos = System.nanoTime();
        boolean ended = call.send(to);
        if (!over) {
            call.rest(to, ended);
        }
    }

    @Override
    public void connectFailed(Trouble trouble) {
        broken(trouble);
    }

    @Override
    public void broken(Trouble trouble) {
        if (!over) {
            over();
            call.broken(this, trouble);
        }
    }

    private void over() {
        over = true;
        endpoint.end();
        HeldAnswer useless = held;
        held = null;
        if (useless != null) {
            useless.release();
        }
    }

    @Override
    public void takesMore() {
        call.takesMore();
    }

    @Override
    public boolean waitsForClient() {
        return call.waitsForClient();
    }

    @Override
    public void switched(Response head) {
        if (!over) {
            call.switched(this, head);
        }
    }

    @Override
    public void answerInterim(Response head) {
        if (!over) {
            call.interim(head);
        }
    }

    @Override
    public void answerHead(Response head) {
        if (over) {
            return;
        }
        if (HeldAnswer.isShort(head) && call.mayAskAnother()) {
            held = HeldAnswer.of(head);
        } else {
            call.answered(this, head);
        }
    }

    /** Passes on what is held; the rest follows as it comes. */
    private void letGo() {
        HeldAnswer all = held;
        if (all == null) {
            return;
        }
        held = null;
        call.answered(this, all.head());
        for (ByteBuf part = all.parts().poll(); part != null; part = all.parts().poll()) {
            answerData(part);
        }
    }

    /** A short answer that takes its time is passed on as it comes. */
    @Override
    public void tick() {
        if (heldLong) {
            letGo();
        }
        heldLong = held != null;
    }

    @Override
    public void answerData(ByteBuf bytes) {
        if (over) {
            bytes.release();
        } else if (held != null) {
            held.add(bytes);
        } else {
            call.answer().data(bytes);
        }
    }

    @Override
    public void answerTrailers(Fields fields) {
        letGo();
        if (!over) {
            call.answer().trailers(fields);
        }
    }

    @Override
    public void answerEnded() {
        HeldAnswer whole = held;
        if (over) {
            return;
        }
        held = null;
        if (whole != null) {
            call.answered(this, whole);
        }
        if (!over) {
            over();
            call.answerEnded();
        }
    }
}
