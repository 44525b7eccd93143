package io.juwsgi.plugin.ssl;

import io.juwsgi.plugin.ssl.Identity.IdentityException;
import io.juwsgi.spi.tls.TlsClientContext;
import io.juwsgi.spi.tls.TlsDestination;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The TLS towards one group of other servers. The main thread makes it, then one thread {@linkplain #refresh refreshes} it;
 * event loops take engines all the while.
 */
final class ClientContext implements TlsClientContext, Upkeep.Kept {
    private final TlsDestination destination;
    private final boolean boringSsl;
    private FileMarks tried;
    private volatile SslContext context;

    /**
     * Reads the files.
     *
     * @param boringSsl whether BoringSSL encrypts, or the JDK
     */
    ClientContext(TlsDestination destination, boolean boringSsl) throws IdentityException, SSLException {
        this.destination = destination;
        this.boringSsl = boringSsl;
        this.tried = marks();
        this.context = make();
    }

    @Override
    public SSLEngine engine(String serverName, int port) {
        return context.newEngine(ByteBufAllocator.DEFAULT, serverName, port);
    }

    @Override
    public boolean refresh() throws IdentityException, SSLException {
        FileMarks marks = marks();
        if (marks.equals(tried)) {
            return false;
        }
        tried = marks;
        context = make();
        return true;
    }

    private FileMarks marks() {
        return FileMarks.of(Stream.of(destination.authorities(), destination.certificate(), destination.key())
                .flatMap(Optional::stream)
                .toList());
    }

    private SslContext make() throws IdentityException, SSLException {
        Identity own = identity();
        boolean edwards = own != null && own.key().getAlgorithm().startsWith("Ed");
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(boringSsl && !edwards ? SslProvider.OPENSSL : SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .ciphers(CipherSuites.modern(), SupportedCipherSuiteFilter.INSTANCE);
        if (own != null) {
            builder.keyManager(own.key(), own.chain().toArray(X509Certificate[]::new));
        }
        trust(builder);
        if (!destination.protocols().isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    destination.protocols()));
        }
        return builder.build();
    }

    private @Nullable Identity identity() throws IdentityException {
        Optional<Path> certificate = destination.certificate();
        return certificate.isPresent()
                ? Identity.read(certificate.get(), destination.key().orElse(certificate.get()))
                : null;
    }

    /** RFC 9525: a certificate is for the name that was asked for, and somebody who is trusted vouches for it. */
    private void trust(SslContextBuilder builder) throws IdentityException {
        if (!destination.verify()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
            return;
        }
        builder.endpointIdentificationAlgorithm("HTTPS");
        if (destination.authorities().isPresent()) {
            builder.trustManager(
                    Identity.certificates(destination.authorities().get()).toArray(X509Certificate[]::new));
        }
    }
}
