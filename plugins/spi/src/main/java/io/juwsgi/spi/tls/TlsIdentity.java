package io.juwsgi.spi.tls;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Who a server is, and whom it lets in. What is empty is the provider's to choose.
 *
 * @param certificate a file with the certificate and those that vouch for it
 * @param key a file with the private key
 * @param ciphers cipher suites of TLS 1.2, separated by colons
 * @param clientAuthorities a file with the certificates that client certificates are checked with
 * @param clientCertificate what is asked of clients
 */
public record TlsIdentity(
        Optional<Path> certificate,
        Optional<Path> key,
        Optional<String> ciphers,
        Optional<Path> clientAuthorities,
        ClientCertificate clientCertificate) {

    /** Nothing is said. */
    public static final TlsIdentity NONE = new TlsIdentity(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), ClientCertificate.NONE);

    /** What is asked of clients. */
    public enum ClientCertificate {
        /** They are not asked for a certificate. */
        NONE,
        /** They are asked; one that shows a certificate that nobody vouches for is not let in. */
        OPTIONAL,
        /** Without one they are not let in. */
        REQUIRED
    }
}
