package io.juwsgi.plugin.ssl;

import io.juwsgi.plugin.ssl.Identity.IdentityException;
import io.juwsgi.spi.tls.TlsIdentity;
import io.juwsgi.spi.tls.TlsIdentity.ClientCertificate;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Makes the contexts of one listener.
 *
 * @param where the listener's option and address, for messages
 * @param protocols for ALPN
 * @param settings what goes where the identity says nothing
 * @param boringSsl whether BoringSSL encrypts, or the JDK
 * @param log for what goes wrong later
 */
record ContextMaker(String where, List<String> protocols, TlsSettings settings, boolean boringSsl, System.Logger log) {

    /** Makes what serves one name; {@code own} and {@code said} belong together. */
    Site site(Identity own, TlsIdentity said, TicketKeys keys) throws IdentityException, SSLException {
        Staple staple = new Staple(said.certificate(), own.chain(), settings.stapling(), log);
        return new Site(make(own, said), demands(said), keys, staple);
    }

    /** Returns what is the same for sites that make the same demands on clients, and for no others. */
    private byte[] demands(TlsIdentity said) throws IdentityException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Optional<Path> authorities = authorities(said);
            if (authorities.isPresent()) {
                digest.update(wanted(said).name().getBytes(StandardCharsets.US_ASCII));
                for (X509Certificate one : Identity.certificates(authorities.get())) {
                    digest.update(one.getEncoded());
                }
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private SslContext make(Identity own, TlsIdentity said) throws IdentityException, SSLException {
        // BoringSSL signs with keys of these kinds in no TLS handshake, unless it is told to.
        boolean edwards = own.key().getAlgorithm().startsWith("Ed");
        boolean useBoringSsl = boringSsl && !edwards;
        SslContextBuilder builder = SslContextBuilder.forServer(
                        own.key(), own.chain().toArray(X509Certificate[]::new))
                .sslProvider(useBoringSsl ? SslProvider.OPENSSL : SslProvider.JDK)
                .enableOcsp(useBoringSsl)
                .protocols("TLSv1.3", "TLSv1.2")
                .ciphers(suites(said), SupportedCipherSuiteFilter.INSTANCE)
                .sessionTimeout(settings.sessionLife().toSeconds());
        clients(said, builder);
        if (!protocols.isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    protocols));
        }
        return builder.build();
    }

    private List<String> suites(TlsIdentity said) {
        return said.ciphers()
                .or(settings::ciphers)
                .map(text -> CipherSuites.parse(where, text))
                .orElseGet(CipherSuites::modern);
    }

    /** Returns the authorities that {@code said} checks client certificates with. */
    Optional<Path> authorities(TlsIdentity said) {
        return said.clientAuthorities().or(settings::clientCa);
    }

    private ClientCertificate wanted(TlsIdentity said) {
        return said.clientAuthorities().isPresent() ? said.clientCertificate() : settings.clientCertificate();
    }

    private void clients(TlsIdentity said, SslContextBuilder builder) throws IdentityException {
        Optional<Path> authorities = authorities(said);
        ClientCertificate wanted = wanted(said);
        if (authorities.isPresent() && wanted != ClientCertificate.NONE) {
            builder.trustManager(Identity.certificates(authorities.get()).toArray(X509Certificate[]::new))
                    .clientAuth(wanted == ClientCertificate.REQUIRED ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
        }
    }
}
