package io.juwsgi.plugin.ssl;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.plugin.ssl.Identity.IdentityException;
import io.juwsgi.plugin.ssl.TlsSettings.Choice;
import io.juwsgi.spi.extension.Context;
import io.juwsgi.spi.tls.TlsClientContext;
import io.juwsgi.spi.tls.TlsContext;
import io.juwsgi.spi.tls.TlsDestination;
import io.juwsgi.spi.tls.TlsIdentity;
import io.juwsgi.spi.tls.TlsListener;
import io.juwsgi.spi.tls.TlsProvider;
import io.netty.handler.ssl.OpenSsl;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** TLS with keys and certificates in PEM files. Used on the main thread; what it makes is used by event loops. */
final class PemTlsProvider implements TlsProvider {
    private final TlsSettings settings;
    private final System.Logger log;
    private final TicketKeys keys = new TicketKeys();
    private final Upkeep upkeep;
    private boolean boringSsl;
    private @Nullable Identity selfSigned;

    PemTlsProvider(TlsSettings settings, Context context) {
        this.settings = settings;
        this.log = context.logger();
        this.upkeep =
                new Upkeep(settings.reload(), settings.ticketRotation().orElse(settings.sessionLife()), keys, log);
    }

    @Override
    public void start() {
        boringSsl = settings.engine() != Choice.JDK && OpenSsl.isAvailable();
        if (settings.engine() == Choice.BORINGSSL && !boringSsl) {
            throw new ConfigException("tls-engine: boringssl cannot be loaded: "
                    + OpenSsl.unavailabilityCause().getMessage() + " (expected: auto or jdk)");
        }
        if (settings.stapling() && !boringSsl) {
            log.log(Level.WARNING, "tls-stapling: nothing is stapled, since the JDK encrypts (expected: BoringSSL)");
        }
        upkeep.start();
    }

    @Override
    public void close() {
        upkeep.stop();
    }

    @Override
    public TlsContext context(TlsListener listener, Settings all) {
        String where = "--" + listener.option() + " " + listener.address();
        Optional<NamesDirectory> directory = all.get(SniOptions.SNI_DIR)
                .map(name -> new NamesDirectory(Path.of(name), all.get(SniOptions.SNI_DIR_CIPHERS)));
        try {
            ListenerContext made = new ListenerContext(
                    new ContextMaker(where, listener.protocols(), settings, boringSsl, log),
                    keys,
                    complete(listener.identity()),
                    this::selfSigned,
                    SniOptions.names(all),
                    directory);
            upkeep.add(made);
            return made;
        } catch (IdentityException | SSLException e) {
            throw new ConfigException(where + ": " + e.getMessage());
        }
    }

    @Override
    public TlsClientContext client(TlsDestination destination, Settings all) {
        try {
            ClientContext made = new ClientContext(destination, boringSsl);
            upkeep.add(made);
            return made;
        } catch (IdentityException | SSLException e) {
            throw new ConfigException(destination.name() + ": " + e.getMessage());
        }
    }

    private TlsIdentity complete(TlsIdentity said) {
        if (said.certificate().isPresent() || settings.certificate().isEmpty()) {
            return said;
        }
        return new TlsIdentity(
                settings.certificate(),
                settings.key(),
                said.ciphers(),
                said.clientAuthorities(),
                said.clientCertificate());
    }

    // Asked by the upkeep too, when files of other names have changed.
    private synchronized Identity selfSigned() {
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
