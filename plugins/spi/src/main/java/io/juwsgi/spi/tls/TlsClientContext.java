package io.juwsgi.spi.tls;

import javax.net.ssl.SSLEngine;

/** The TLS towards some other servers. Event loops call it, several at once; what it does must not block. */
@FunctionalInterface
public interface TlsClientContext {

    /**
     * Makes the engine of one connection, in client mode, with trust, keys and application protocols set.
     *
     * @param serverName the name, or the IP address as text, that the server's certificate must be for; a name is sent to
     *     it (RFC 6066 section 3)
     * @param port the server's port, -1 when it has none; with the name, what a session is resumed by
     * @return a new engine; the caller owns it
     */
    SSLEngine engine(String serverName, int port);
}
