package io.juwsgi.router.upstream;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.netty.buffer.ByteBuf;

/**
 * The second try of a request whose first one is slow: it goes to another endpoint while the first goes on, and whoever answers
 * first is heard. Once it has been chosen it only passes on to the call what its link says. Owned by the call's event loop.
 */
final class Hedge implements LinkUser {
    private final UpstreamCall call;
    private final UpstreamEndpoint endpoint;
    private CallLink link;
    private final boolean reused;
    private long sentNanos;
    private boolean chosen;
    private boolean over;

    private Hedge(UpstreamCall call, UpstreamEndpoint endpoint, CallLink link) {
        this.call = call;
        this.endpoint = endpoint;
        this.link = link;
        this.reused = link.reused();
    }

    /** Makes one, which {@link #begin} sends. */
    static Hedge to(UpstreamEndpoint endpoint, UpstreamCall call, UpstreamLoop loop) {
        endpoint.begin();
        endpoint.hedges.increment();
        return new Hedge(call, endpoint, loop.link(endpoint, false));
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

    boolean reused() {
        return reused;
    }

    /** Returns when the request was sent; 0 before that. */
    long sentNanos() {
        return sentNanos;
    }

    /** From now on it is the call's only try. */
    void choose() {
        chosen = true;
    }

    /** The other one answered, or nobody wants an answer any more: it is given up, and that is no failure of the endpoint. */
    void cancel() {
        if (!over) {
            over = true;
            endpoint.end();
            link.abandon();
        }
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
        if (chosen) {
            call.connected(to);
        } else {
            sentNanos = System.nanoTime();
            boolean ended = call.send(to);
            if (!over) {
                call.rest(to, ended);
            }
        }
    }

    @Override
    public void connectFailed(Trouble trouble) {
        broken(trouble);
    }

    @Override
    public void broken(Trouble trouble) {
        if (chosen) {
            call.broken(trouble);
        } else if (!over) {
            over = true;
            endpoint.end();
            call.hedgeFailed(this, trouble);
        }
    }

    @Override
    public void takesMore() {
        if (chosen) {
            call.takesMore();
        }
    }

    @Override
    public boolean waitsForClient() {
        return chosen && call.waitsForClient();
    }

    @Override
    public void switched(Response head) {
        // Nothing that a client may switch is asked twice.
        link.abandon();
        broken(Trouble.BAD_ANSWER);
    }

    @Override
    public void answerInterim(Response head) {
        // Of two that may yet answer, neither is known to be the one.
        if (chosen) {
            call.answerInterim(head);
        }
    }

    @Override
    public void answerHead(Response head) {
        if (!chosen && !over) {
            call.answeredBy(this);
        }
        call.answerHead(head);
    }

    @Override
    public void answerData(ByteBuf bytes) {
        call.answerData(bytes);
    }

    @Override
    public void answerTrailers(Fields fields) {
        call.answerTrailers(fields);
    }

    @Override
    public void answerEnded() {
        call.answerEnded();
    }
}
