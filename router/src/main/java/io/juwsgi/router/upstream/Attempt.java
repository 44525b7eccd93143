package io.juwsgi.router.upstream;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.netty.buffer.ByteBuf;

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
            over = true;
            endpoint.end();
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
            over = true;
            endpoint.end();
            call.broken(this, trouble);
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
        if (!over) {
            call.answered(this, head);
        }
    }

    @Override
    public void answerData(ByteBuf bytes) {
        if (over) {
            bytes.release();
        } else {
            call.answer().data(bytes);
        }
    }

    @Override
    public void answerTrailers(Fields fields) {
        if (!over) {
            call.answer().trailers(fields);
        }
    }

    @Override
    public void answerEnded() {
        if (!over) {
            over = true;
            endpoint.end();
            call.answerEnded();
        }
    }
}
