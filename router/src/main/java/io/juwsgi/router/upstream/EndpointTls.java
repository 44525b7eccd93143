package io.juwsgi.router.upstream;

import io.juwsgi.spi.tls.TlsClientContext;
import javax.net.ssl.SSLEngine;

/**
 * The TLS of connections to one endpoint.
 *
 * @param name whom its certificate must be for
 * @param port what it listens on, -1 for a Unix socket
 */
record EndpointTls(TlsClientContext context, String name, int port) {

    SSLEngine engine() {
        return context.engine(name, port);
    }
}
