package io.juwsgi.plugin.ssl;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import io.juwsgi.spi.tls.TlsIdentity.ClientCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What goes for every listener that speaks TLS and does not say otherwise.
 *
 * @param certificate a PEM file with the certificate and those that vouch for it
 * @param key a PEM file with the private key; the certificate's file when it is not set
 * @param ciphers cipher suites of TLS 1.2
 * @param clientCa a PEM file with the certificates that client certificates are checked with
 * @param clientCertificate what is asked of clients, when there is a clientCa
 * @param reload how often files are looked at; zero for never
 * @param sessionLife how long a client may resume a session
 * @param ticketRotation how long a key makes session tickets; sessionLife if not set
 * @param stapling whether authorities are asked about certificates
 * @param engine what encrypts
 */
@Doc("encrypt listeners such as https with keys and certificates in PEM files")
record TlsSettings(
        @Doc("PEM file with the certificate and those that vouch for it")
        Optional<Path> certificate,

        @Doc("PEM file with the private key; the certificate's file if not set")
        Optional<Path> key,

        @Doc("cipher suites of TLS 1.2, separated by colons; the modern ones if not set")
        Optional<String> ciphers,

        @Doc("PEM file with the certificates that client certificates are checked with")
        Optional<Path> clientCa,

        @Default("required") @Doc("what is asked of clients when there is a tls-client-ca")
        ClientCertificate clientCertificate,

        @Default("5s") @Doc("how often certificates and keys are looked at, to take changed ones; 0 for never")
        Duration reload,

        @Default("1h") @Doc("how long a client may come back without a whole handshake")
        Duration sessionLife,

        @Doc(
                "how long a key makes session tickets; its tickets are taken for as long again; tls-session-life if not set")
        Optional<Duration> ticketRotation,

        @Default("false") @Doc("ask the OCSP responders that certificates name, and staple the answers")
        boolean stapling,

        @Default("auto") @Doc("what encrypts: BoringSSL where it can be loaded, or the JDK")
        Choice engine) {

    /** What encrypts. */
    enum Choice {
        /** BoringSSL where its library can be loaded, otherwise the JDK. */
        AUTO,
        BORINGSSL,
        JDK
    }

    TlsSettings {
        if (key.isPresent() && certificate.isEmpty()) {
            throw new IllegalArgumentException("key: " + key.get() + " (expected: a tls-certificate too)");
        }
        if (reload.isNegative()) {
            throw new IllegalArgumentException("reload: " + reload + " (expected: 0 or more)");
        }
        if (sessionLife.toSeconds() < 1 || sessionLife.toDays() > 7) {
            // RFC 8446 section 4.6.1 has the upper bound.
            throw new IllegalArgumentException("sessionLife: " + sessionLife + " (expected: 1s to 7d)");
        }
        if (ticketRotation.isPresent() && ticketRotation.get().toSeconds() < 1) {
            throw new IllegalArgumentException("ticketRotation: " + ticketRotation.get() + " (expected: 1s or more)");
        }
    }
}
