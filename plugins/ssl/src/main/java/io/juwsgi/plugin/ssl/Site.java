package io.juwsgi.plugin.ssl;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * A context and the keys of its session tickets (RFC 8446 section 4.6.1). Each context has keys of its own, so that no
 * session is resumed where other demands are made on clients. The JDK's engine makes and renews its keys by itself.
 *
 * <p>Event loops use the context; one thread renews the keys.
 */
final class Site {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SslContext context;
    private @Nullable OpenSslSessionTicketKey current;

    Site(SslContext context) {
        this.context = context;
        renewKey();
    }

    SslContext context() {
        return context;
    }

    /** Makes a new key for new tickets; those under the key before it are taken until this is called again. */
    synchronized void renewKey() {
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            OpenSslSessionTicketKey old = current;
            OpenSslSessionTicketKey fresh = new OpenSslSessionTicketKey(
                    random(OpenSslSessionTicketKey.NAME_SIZE),
                    random(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                    random(OpenSslSessionTicketKey.AES_KEY_SIZE));
            current = fresh;
            if (old == null) {
                sessions.setTicketKeys(fresh);
            } else {
                sessions.setTicketKeys(fresh, old);
            }
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
