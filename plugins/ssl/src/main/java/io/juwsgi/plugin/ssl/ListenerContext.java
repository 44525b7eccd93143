package io.juwsgi.plugin.ssl;

import io.juwsgi.plugin.ssl.Identity.IdentityException;
import io.juwsgi.spi.tls.TlsContext;
import io.juwsgi.spi.tls.TlsIdentity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of one listener: a context for each name, and one for all others. The main thread makes it, then one thread
 * {@linkplain #refresh refreshes} it; event loops take engines all the while.
 */
final class ListenerContext implements TlsContext, Upkeep.Kept {
    private final ContextMaker maker;
    private final TicketKeys keys;
    private final TlsIdentity fallback;
    private final Supplier<Identity> selfSigned;
    private final Map<String, TlsIdentity> names;
    private final Optional<NamesDirectory> directory;
    private FileMarks tried;
    private volatile Sites sites;

    /** What is in use at one time. Immutable. */
    private record Sites(Site fallback, Map<String, Site> byName) {
        Stream<Site> all() {
            return Stream.concat(Stream.of(fallback), byName.values().stream());
        }
    }

    /**
     * Makes all contexts.
     *
     * @param keys those of session tickets, shared with other listeners
     * @param fallback who the server is for clients that ask for no name that is known
     * @param selfSigned used when {@code fallback} has no certificate
     * @param names who the server is for each name
     */
    ListenerContext(
            ContextMaker maker,
            TicketKeys keys,
            TlsIdentity fallback,
            Supplier<Identity> selfSigned,
            Map<String, TlsIdentity> names,
            Optional<NamesDirectory> directory)
            throws IdentityException, SSLException {
        this.maker = maker;
        this.keys = keys;
        this.fallback = fallback;
        this.selfSigned = selfSigned;
        this.names = names;
        this.directory = directory;
        Map<String, TlsIdentity> named = named();
        this.tried = marks(named);
        this.sites = make(named);
    }

    @Override
    public SSLEngine engine(@Nullable String serverName) {
        return siteOf(serverName).engine();
    }

    private Site siteOf(@Nullable String serverName) {
        Sites now = sites;
        if (serverName == null || now.byName().isEmpty()) {
            return now.fallback();
        }
        Site exact = now.byName().get(serverName);
        if (exact != null) {
            return exact;
        }
        // RFC 6125 section 6.4.3: the asterisk is the whole of the first label.
        int dot = serverName.indexOf('.');
        Site wild = dot < 0 ? null : now.byName().get("*" + serverName.substring(dot));
        return wild == null ? now.fallback() : wild;
    }

    /**
     * Makes all contexts anew when a file has changed since the last try; connections keep those that they began with.
     *
     * @return whether there was anything to do
     * @throws IdentityException when a file cannot be used; the old contexts stay
     */
    @Override
    public boolean refresh() throws IdentityException, SSLException {
        Map<String, TlsIdentity> named = named();
        // Before they are read: a change in between is found the next time.
        FileMarks marks = marks(named);
        if (marks.equals(tried)) {
            return false;
        }
        tried = marks;
        sites = make(named);
        return true;
    }

    /** Gives all contexts the newest keys for session tickets. */
    @Override
    public void renewKeys() {
        sites.all().forEach(site -> site.renewKeys(keys));
    }

    @Override
    public void lookAtStaples() {
        sites.all().forEach(site -> site.staple().look());
    }

    private Map<String, TlsIdentity> named() throws IdentityException {
        Map<String, TlsIdentity> all = new TreeMap<>();
        if (directory.isPresent()) {
            all.putAll(directory.get().names());
        }
        all.putAll(names);
        return all;
    }

    private FileMarks marks(Map<String, TlsIdentity> named) {
        List<Path> files = new ArrayList<>();
        Stream.concat(Stream.of(fallback), named.values().stream()).forEach(said -> {
            said.certificate().ifPresent(files::add);
            said.key().ifPresent(files::add);
            maker.authorities(said).ifPresent(files::add);
        });
        return FileMarks.of(files);
    }

    private Sites make(Map<String, TlsIdentity> named) throws IdentityException, SSLException {
        Map<String, Site> byName = new HashMap<>();
        for (Map.Entry<String, TlsIdentity> one : named.entrySet()) {
            byName.put(one.getKey(), site(one.getValue()));
        }
        return new Sites(site(fallback), byName);
    }

    private Site site(TlsIdentity said) throws IdentityException, SSLException {
        Optional<Path> certificate = said.certificate();
        Identity own = certificate.isPresent()
                ? Identity.read(certificate.get(), said.key().orElse(certificate.get()))
                : selfSigned.get();
        return maker.site(own, said, keys);
    }
}
