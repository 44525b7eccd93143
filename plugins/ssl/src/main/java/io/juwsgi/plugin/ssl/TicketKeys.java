package io.juwsgi.plugin.ssl;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The keys of session tickets (RFC 8446 section 4.6.1), for all listeners and names, in memory only: the newest makes
 * tickets, those of the one before it are still taken. They outlive certificates, so that a renewed certificate ends no
 * session. The JDK's engine makes and renews keys of its own. For any thread.
 */
final class TicketKeys {
    /** How many keys tickets are taken under. */
    private static final int KEPT = 2;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Deque<OpenSslSessionTicketKey> keys = new ArrayDeque<>();

    TicketKeys() {
        renew();
    }

    /** Makes a new key for new tickets; what was made under the key before the last is not taken any more. */
    synchronized void renew() {
        keys.addFirst(new OpenSslSessionTicketKey(
                random(OpenSslSessionTicketKey.NAME_SIZE),
                random(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                random(OpenSslSessionTicketKey.AES_KEY_SIZE)));
        if (keys.size() > KEPT) {
            keys.removeLast();
        }
    }

    /** Gives the keys to a context. */
    synchronized void applyTo(OpenSslSessionContext sessions) {
        sessions.setTicketKeys(keys.toArray(OpenSslSessionTicketKey[]::new));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
