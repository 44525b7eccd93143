package io.juwsgi.spi.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the configuration says about other servers that the server connects to by TLS.
 *
 * @param name what they are called, such as {@code upstream api}, for messages
 * @param verify whether a certificate that nobody vouches for, or that is for another name, ends the connection
 * @param authorities a file with the certificates that vouch for theirs; empty for those that the system trusts
 * @param certificate a file with the certificate that this server shows when it is asked for one
 * @param key a file with the private key of that certificate
 * @param protocols the application protocols that are spoken, best first, as ALPN names them (RFC 7301); empty for none
 */
public record TlsDestination(
        String name,
        boolean verify,
        Optional<Path> authorities,
        Optional<Path> certificate,
        Optional<Path> key,
        List<String> protocols) {

    /** Copies the list. */
    public TlsDestination {
        protocols = List.copyOf(protocols);
    }
}
