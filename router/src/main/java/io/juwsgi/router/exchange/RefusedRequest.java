package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Fields;
import org.jspecify.annotations.Nullable;

/** Stands for a request that was refused before it could be read, so that it has an answer and a log line as others do. */
public final class RefusedRequest implements ServerRequest {
    private final Fields fields = new Fields(4);
    private final Peer peer;

    public RefusedRequest(Peer peer) {
        this.peer = peer;
    }

    @Override
    public String remotePort() {
        return peer.remotePort();
    }

    @Override
    public void bodyLength(long bytes) {
        // It has no body.
    }

    @Override
    public String method() {
        return "-";
    }

    @Override
    public String target() {
        return "-";
    }

    @Override
    public String path() {
        return "-";
    }

    @Override
    public String query() {
        return "";
    }

    @Override
    public String protocol() {
        return "-";
    }

    @Override
    public String scheme() {
        return peer.scheme();
    }

    @Override
    public @Nullable String host() {
        return null;
    }

    @Override
    public Fields fields() {
        return fields;
    }

    @Override
    public String remoteAddress() {
        return peer.remoteAddress();
    }

    @Override
    public int modifier1() {
        return 0;
    }

    @Override
    public int modifier2() {
        return 0;
    }

    @Override
    public void variables(VariableSink sink) {
        // None were read.
    }
}
