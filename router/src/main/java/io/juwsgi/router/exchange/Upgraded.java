package io.juwsgi.router.exchange;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A protocol that has taken HTTP's place on its {@link Carrier}: back-pressure both ways, and the exchange that lasts as long
 * as it does. Owned by the connection's event loop.
 */
public abstract class Upgraded {
    private final ServerExchange exchange;
    private final Carrier carrier;
    private @Nullable Runnable writableListener;
    private boolean paused;
    private boolean over;

    protected Upgraded(ServerExchange exchange, Carrier carrier) {
        this.exchange = exchange;
        this.carrier = carrier;
    }

    /** Takes bytes of the client, which it owns from here on. */
    public abstract void read(ByteBuf bytes);

    /** Hears that the deadline that was set last has passed. */
    public abstract void expired();

    /** Hears that the client sends nothing more, or is gone: {@code gone}. */
    public abstract void inputOver(boolean gone);

    /** Hears that the server stops. */
    public abstract void goAway();

    /** Hears that the exchange was ended by its handler. */
    public abstract void exchangeEnded();

    /** Gives back what it holds of the client's bytes. */
    protected void released() {}

    protected final ServerExchange exchange() {
        return exchange;
    }

    protected final Carrier carrier() {
        return carrier;
    }

    /** Returns whether it has ended. */
    protected final boolean over() {
        return over;
    }

    /** Ends it: the carrier when everything is written; returns false when that has happened before. */
    protected final boolean end(boolean linger) {
        if (over) {
            return false;
        }
        over = true;
        carrier.end(linger);
        released();
        return true;
    }

    /** Counts and writes what the client gets. */
    protected final void write(ByteBuf bytes) {
        exchange.sent(bytes.readableBytes());
        carrier.write(bytes);
    }

    /** Hears that the client takes bytes again. */
    public final void becameWritable() {
        if (writableListener != null && !over) {
            writableListener.run();
        }
    }

    /** Returns whether more of the client's bytes are wanted now. */
    public final boolean hungry() {
        return !paused;
    }

    public final boolean writable() {
        return !over && carrier.writable();
    }

    public final void onWritable(Runnable listener) {
        writableListener = listener;
    }

    /** Asks for no more of the client's bytes until {@link #resume}. */
    public void pause() {
        paused = true;
        carrier.regulate();
    }

    /** Undoes {@link #pause}. */
    public void resume() {
        paused = false;
        carrier.regulate();
    }
}
