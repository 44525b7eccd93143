package io.juwsgi.router.exchange;

/** What a connection carries after it has left HTTP. Owned by the connection's event loop. */
public interface Upgraded {

    /** Takes what the pipeline has read. */
    void read(Object message);

    /** Hears that the deadline that was set last has passed. */
    void expired();

    /** Hears that the client sends nothing more, or is gone: {@code gone}. */
    void inputOver(boolean gone);

    /** Hears that what came is against the protocol. */
    void failed(Throwable cause);

    /** Hears that the socket takes bytes again. */
    void becameWritable();

    /** Returns whether more is wanted now. */
    boolean hungry();

    /** Hears that the server stops. */
    void goAway();

    /** Hears that the exchange was ended by its handler. */
    void exchangeEnded();
}
