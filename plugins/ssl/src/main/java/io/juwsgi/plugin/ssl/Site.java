package io.juwsgi.plugin.ssl;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import javax.net.ssl.SSLEngine;

/**
 * Who the server is for one name: its context, and the answer about its certificate that is stapled to handshakes.
 *
 * <p>Event loops take engines; one thread keeps keys and the answer fresh.
 */
final class Site {
    private final SslContext context;
    private final Staple staple;

    /**
     * Makes it, with keys for tickets where the engine takes them.
     *
     * @param demands tells the sites apart that make the same demands on clients from all others; a session is resumed
     *     only where the demands are those under which it began
     */
    Site(SslContext context, byte[] demands, TicketKeys keys, Staple staple) {
        this.context = context;
        this.staple = staple;
        if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            sessions.setSessionIdContext(demands);
        }
        renewKeys(keys);
    }

    SSLEngine engine() {
        SSLEngine engine = context.newEngine(ByteBufAllocator.DEFAULT);
        byte[] answer = staple.answer();
        if (answer.length > 0 && engine instanceof ReferenceCountedOpenSslEngine boringSsl) {
            boringSsl.setOcspResponse(answer);
        }
        return engine;
    }

    /** Takes the newest keys. */
    void renewKeys(TicketKeys keys) {
        if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            keys.applyTo(sessions);
        }
    }

    Staple staple() {
        return staple;
    }
}
