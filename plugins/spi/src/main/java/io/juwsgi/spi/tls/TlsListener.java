package io.juwsgi.spi.tls;

import java.util.List;

/**
 * What the configuration says about one listener that speaks TLS.
 *
 * @param option the option that it came from, such as {@code https}, for messages
 * @param address the address, such as {@code :8443}, for messages
 * @param identity the key, the certificate and the demands that were written beside the address
 * @param protocols the application protocols that the listener serves, best first, as ALPN names them (RFC 7301), such as
 *     {@code h2} and {@code http/1.1}; empty when it serves one that has no such name
 */
public record TlsListener(String option, String address, TlsIdentity identity, List<String> protocols) {

    /** Copies the list. */
    public TlsListener {
        protocols = List.copyOf(protocols);
    }
}
