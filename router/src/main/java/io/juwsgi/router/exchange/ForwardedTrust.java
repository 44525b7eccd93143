package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Fields;
import org.jspecify.annotations.Nullable;

/** Says what is believed of what proxies tell about their clients. Any thread may ask. */
public interface ForwardedTrust {
    /**
     * Returns the peer that an exchange is told of, and drops the fields that are not to be believed.
     *
     * @param peer the connection's own
     * @param fields of the request
     */
    Peer peer(Peer peer, Fields fields);

    /** Returns whether a connection's other end is a trusted proxy. */
    boolean trusts(Peer peer);

    /** Returns the host that a trusted proxy says the client asked for, or null. */
    @Nullable
    String host(Peer peer, Fields fields);
}
