package io.juwsgi.plugin.ssl;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.plugin.ssl.Identity.IdentityException;
import io.juwsgi.spi.extension.Context;
import io.juwsgi.spi.tls.TlsContext;
import io.juwsgi.spi.tls.TlsIdentity;
import io.juwsgi.spi.tls.TlsIdentity.ClientCertificate;
import io.juwsgi.spi.tls.TlsListener;
import io.juwsgi.spi.tls.TlsProvider;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** TLS with keys and certificates in PEM files. Contexts are made on the main thread; event loops take engines of them. */
final class PemTlsProvider implements TlsProvider {
    private final TlsSettings settings;
    private final System.Logger log;
    private @Nullable Identity selfSigned;

    PemTlsProvider(TlsSettings settings, Context context) {
        this.settings = settings;
        this.log = context.logger();
    }

    @Override
    public TlsContext context(TlsListener listener, Settings all) {
        try {
            SslContext made = make(listener);
            return serverName -> made.newEngine(ByteBufAllocator.DEFAULT);
        } catch (IdentityException | SSLException e) {
            throw new ConfigException("--" + listener.option() + " " + listener.address() + ": " + e.getMessage());
        }
    }

    private SslContext make(TlsListener listener) throws IdentityException, SSLException {
        Identity identity = identity(listener);
        String where = "--" + listener.option() + " " + listener.address();
        SslContextBuilder builder = SslContextBuilder.forServer(
                        identity.key(), identity.chain().toArray(X509Certificate[]::new))
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .ciphers(
                        listener.identity()
                                .ciphers()
                                .or(settings::ciphers)
                                .map(text -> CipherSuites.parse(where, text))
                                .orElseGet(CipherSuites::modern),
                        SupportedCipherSuiteFilter.INSTANCE);
        clients(listener.identity(), builder);
        if (!listener.protocols().isEmpty()) {
            builder.applicationProtocolConfig(alpn(listener.protocols()));
        }
        return builder.build();
    }

    private static ApplicationProtocolConfig alpn(List<String> protocols) {
        return new ApplicationProtocolConfig(
                Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, protocols);
    }

    private void clients(TlsIdentity identity, SslContextBuilder builder) throws IdentityException {
        Optional<Path> authorities = identity.clientAuthorities();
        ClientCertificate wanted = identity.clientCertificate();
        if (authorities.isEmpty()) {
            authorities = settings.clientCa();
            wanted = authorities.isPresent() ? settings.clientCertificate() : ClientCertificate.NONE;
        }
        if (authorities.isPresent() && wanted != ClientCertificate.NONE) {
            builder.trustManager(Identity.certificates(authorities.get()).toArray(X509Certificate[]::new))
                    .clientAuth(wanted == ClientCertificate.REQUIRED ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
        }
    }

    private Identity identity(TlsListener listener) throws IdentityException {
        Optional<Path> certificate = listener.identity().certificate();
        Optional<Path> key = listener.identity().key();
        if (certificate.isEmpty()) {
            certificate = settings.certificate();
            key = settings.key().or(settings::certificate);
        }
        return certificate.isPresent() ? Identity.read(certificate.get(), key.orElse(certificate.get())) : selfSigned();
    }

    private Identity selfSigned() {
        Identity made = selfSigned;
        if (made == null) {
            made = SelfSigned.make();
            selfSigned = made;
            X509Certificate certificate = made.chain().getFirst();
            log.log(
                    Level.INFO,
                    "no certificate is configured: a self-signed one for localhost was made, for trying out only;"
                            + " SHA-256 "
                            + SelfSigned.fingerprint(certificate));
        }
        return made;
    }
}
