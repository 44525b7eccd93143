package io.juwsgi.router.exchange;

/** Where a request's body comes from. Owned by the connection's event loop. */
@FunctionalInterface
public interface BodySource {

    /** Hears that the handler takes data now: {@link InboundBody#wanted} has become true. */
    void bodyWanted();
}
