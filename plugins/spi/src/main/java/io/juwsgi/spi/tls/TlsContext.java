package io.juwsgi.spi.tls;

import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** The TLS of one listener. Event loops call it, several at once; what it does must not block. */
@FunctionalInterface
public interface TlsContext {

    /**
     * Makes the engine of one connection, in server mode, with keys, trust, cipher suites and application protocols set.
     *
     * @param serverName the name that the client asked for (RFC 6066 section 3), in lower case; null when it named none
     * @return a new engine; the server owns it. One that implements {@code AutoCloseable} is not closed: engines that hold
     *     native memory release it when their connection ends or they are collected.
     */
    SSLEngine engine(@Nullable String serverName);
}
