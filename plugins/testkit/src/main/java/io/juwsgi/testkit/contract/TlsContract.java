package io.juwsgi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.juwsgi.config.ConfigException;
import io.juwsgi.spi.tls.TlsContext;
import io.juwsgi.spi.tls.TlsIdentity;
import io.juwsgi.spi.tls.TlsListener;
import io.juwsgi.spi.tls.TlsProvider;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.TestHandshake;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the router relies on in TLS providers: handshakes with the JDK's own client, in memory. */
public abstract class TlsContract extends PluginContract {
    private static final List<String> PROTOCOLS = List.of("h2", "http/1.1");
    private static final int AT_ONCE = 8;

    @TempDir
    Path directory;

    /** For subclasses. */
    protected TlsContract() {}

    /** Returns the id of the provider. */
    protected abstract String provider();

    /**
     * Returns what the configuration says beside an address: files that this writes, or nothing.
     *
     * @param directory an empty directory
     * @param clients what is asked of clients
     */
    protected abstract TlsIdentity identity(Path directory, TlsIdentity.ClientCertificate clients) throws Exception;

    /** A provider with a listener's context. */
    private record Prepared(PluginUnderTest plugin, TlsContext context) implements AutoCloseable {
        @Override
        public void close() {
            plugin.close();
        }
    }

    private Prepared prepared(TlsIdentity identity) throws Exception {
        PluginUnderTest plugin = started();
        List<TlsProvider> providers = plugin.offering(TlsProvider.class);
        assertEquals(1, providers.size(), "providers that " + options() + " turn on");
        TlsListener listener = new TlsListener("https", ":8443", identity, PROTOCOLS);
        return new Prepared(plugin, providers.getFirst().context(listener, plugin.settings(arguments())));
    }

    private Prepared prepared() throws Exception {
        return prepared(identity(directory, TlsIdentity.ClientCertificate.NONE));
    }

    /** The provider is there under its id. */
    @Test
    public void theProviderIsRegistered() {
        assertTrue(PluginUnderTest.of(plugin()).ids().contains(provider()), "no TLS provider " + provider());
    }

    /** Both sides agree on an application protocol, best first. */
    @Test
    public void clientsShakeHandsAndAgreeOnAProtocol() throws Exception {
        try (Prepared prepared = prepared()) {
            SSLEngine both = TestHandshake.of(prepared.context().engine("localhost"), "localhost", "http/1.1", "h2");
            assertEquals("h2", both.getApplicationProtocol());
            assertTrue(List.of("TLSv1.2", "TLSv1.3").contains(both.getSession().getProtocol()));
            SSLEngine old = TestHandshake.of(prepared.context().engine("localhost"), "localhost", "http/1.1");
            assertEquals("http/1.1", old.getApplicationProtocol());
        }
    }

    /** Clients ask for names that nobody has, and for none. */
    @Test
    public void strangeNamesHarmNobody() throws Exception {
        try (Prepared prepared = prepared()) {
            for (String name : new String[] {null, "no.such.name", "xn--bcher-kva.example", "a".repeat(250)}) {
                SSLEngine engine = prepared.context().engine(name);
                assertNotNull(engine);
                assertFalse(engine.getUseClientMode(), "an engine for the client's side");
                assertNotNull(TestHandshake.of(engine, "localhost", "http/1.1"));
            }
        }
    }

    /** TLS before 1.2 is not spoken (RFC 8996). */
    @Test
    public void oldVersionsAreOff() throws Exception {
        try (Prepared prepared = prepared()) {
            List<String> on = List.of(prepared.context().engine(null).getEnabledProtocols());
            assertFalse(on.contains("TLSv1") || on.contains("TLSv1.1") || on.contains("SSLv3"), "spoken: " + on);
        }
    }

    /** Event loops ask for engines at the same time. */
    @Test
    public void manyConnectAtOnce() throws Exception {
        try (Prepared prepared = prepared()) {
            List<CompletableFuture<SSLEngine>> all = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                all.add(CompletableFuture.supplyAsync(
                        () -> TestHandshake.unchecked(prepared.context().engine("localhost"), "localhost", "h2")));
            }
            for (CompletableFuture<SSLEngine> one : all) {
                assertEquals("h2", one.get(30, TimeUnit.SECONDS).getApplicationProtocol());
            }
        }
    }

    /** Who must show a certificate and does not is not let in. */
    @Test
    public void clientsWithoutACertificateStayOutWhereOneIsRequired() throws Exception {
        try (Prepared prepared = prepared(identity(directory, TlsIdentity.ClientCertificate.REQUIRED))) {
            SSLEngine engine = prepared.context().engine("localhost");
            assertThrows(SSLException.class, () -> TestHandshake.of(engine, "localhost", "h2"));
        }
    }

    /** A server without its key does not start. */
    @Test
    public void missingFilesAreTold() {
        Path none = directory.resolve("no-such-file.pem");
        TlsIdentity wrong = new TlsIdentity(
                Optional.of(none),
                Optional.of(none),
                Optional.empty(),
                Optional.empty(),
                TlsIdentity.ClientCertificate.NONE);
        ConfigException told =
                assertThrows(ConfigException.class, () -> prepared(wrong).close());
        assertTrue(String.valueOf(told.getMessage()).contains("no-such-file.pem"), told.getMessage());
    }
}
