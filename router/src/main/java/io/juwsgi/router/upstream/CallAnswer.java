package io.juwsgi.router.upstream;

import io.juwsgi.router.exchange.NettyChunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.http.Trailers;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call's answer on its way to the client, or the tunnel that it is. Owned by the exchange's event loop. */
final class CallAnswer {
    /** So many heads before the answer's are passed on; nobody needs more, and they wait for no slow client. */
    private static final int INTERIMS = 16;

    private final Exchange exchange;
    private final boolean takesTrailers;
    private int interims;
    private @Nullable CallLink from;
    private @Nullable CallTunnel tunnel;

    CallAnswer(Exchange exchange) {
        this.exchange = exchange;
        this.takesTrailers = Trailers.takenBy(exchange.request());
        exchange.response().onWritable(this::clientTakesMore);
    }

    /** Returns whether fields behind its body reach the client. */
    boolean takesTrailers() {
        return takesTrailers;
    }

    /** The endpoint says something before its answer. */
    void interim(Response head) {
        if (++interims <= INTERIMS) {
            exchange.response().interim(head);
        }
    }

    /** It begins. */
    void head(Response head, CallLink link) {
        from = link;
        exchange.response().head(head);
        holdBack();
    }

    /** It begins, and all of it but the end is there. */
    void whole(HeldAnswer all) {
        exchange.response().head(all.head());
        for (ByteBuf part = all.parts().poll(); part != null; part = all.parts().poll()) {
            exchange.response().data(new NettyChunk(part));
        }
    }

    /** It is a tunnel; false when this exchange can be none. */
    boolean tunnel(Response head, CallLink link) {
        from = link;
        CallTunnel made = new CallTunnel(link);
        tunnel = made;
        var client = exchange.tunnel(head, made);
        client.ifPresent(made::open);
        return client.isPresent();
    }

    /** Returns the tunnel; empty when it is none. */
    Optional<CallTunnel> tunnel() {
        return Optional.ofNullable(tunnel);
    }

    void data(ByteBuf bytes) {
        if (tunnel != null) {
            tunnel.fromEndpoint(bytes);
            return;
        }
        exchange.response().data(new NettyChunk(bytes));
        holdBack();
    }

    void trailers(Fields fields) {
        if (takesTrailers) {
            exchange.response().trailers(fields);
        }
    }

    /** It is complete. */
    void end() {
        if (tunnel != null) {
            tunnel.endpointEnded();
        } else {
            exchange.response().end();
        }
    }

    /** Nothing more of it comes. */
    void detach() {
        from = null;
    }

    /** Returns whether the next step is the client's. */
    boolean waitsForClient() {
        return !exchange.response().writable();
    }

    private void holdBack() {
        if (from != null && waitsForClient()) {
            from.reading(false);
        }
    }

    private void clientTakesMore() {
        if (from != null) {
            from.reading(true);
        }
    }
}
