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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * The TLS towards one group of other servers. The main thread makes it, then one thread {@linkplain #refresh refreshes} it;
 * event loops take engines all the while.
 */
final class ClientContext implements TlsClientContext, Upkeep.Kept {
    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+");

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
        SSLEngine engine = context.newEngine(ByteBufAllocator.DEFAULT, serverName, port);
        if (isHostName(serverName)) {
            // By themselves engines tell only names with a dot; servers inside a network often have none.
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(serverName.getBytes(StandardCharsets.US_ASCII))));
            engine.setSSLParameters(parameters);
        }
        return engine;
    }

    /** Addresses are no names (RFC 6066 section 3), and what is not ASCII has no place in the extension. */
    private static boolean isHostName(String text) {
        return HOST_NAME.matcher(text).matches() && !ADDRESS.matcher(text).matches();
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
