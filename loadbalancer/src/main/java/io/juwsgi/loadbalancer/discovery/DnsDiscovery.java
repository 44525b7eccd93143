package io.juwsgi.loadbalancer.discovery;

import io.juwsgi.config.ConfigException;
import io.juwsgi.loadbalancer.discovery.Names.SystemFiles;
import io.juwsgi.spi.balance.Discovery;
import io.juwsgi.spi.balance.Member;
import java.net.Inet6Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Members by DNS: every address of a name, or every server of a service. Thread-safe. */
final class DnsDiscovery implements Discovery {
    /** So many names are asked for at a time; more would flood a name server with the hosts of one large service. */
    private static final int AT_ONCE = 16;

    /** Reads what stands behind the discovery's id; throws {@link ConfigException} when it has another form. */
    @FunctionalInterface
    private interface Form {
        DnsTarget read(String target);
    }

    private final Form form;
    private final DnsSettings settings;
    private final SystemFiles files;
    private final boolean six;
    private final System.Logger log;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            AT_ONCE, Thread.ofVirtual().name("juwsgi-dns-", 0).factory());
    private volatile @Nullable DnsClient client;

    private DnsDiscovery(Form form, DnsSettings settings, SystemFiles files, boolean six, System.Logger log) {
        this.form = form;
        this.settings = settings;
        this.files = files;
        this.six = six;
        this.log = log;
    }

    /** Makes {@code dns:NAME:PORT}. */
    static DnsDiscovery ofAddresses(DnsSettings settings, System.Logger log) {
        return new DnsDiscovery(DnsTarget::host, settings, SystemFiles.USUAL, hasSix(), log);
    }

    /** Makes {@code srv:NAME}. */
    static DnsDiscovery ofServices(DnsSettings settings, System.Logger log) {
        return new DnsDiscovery(DnsTarget::service, settings, SystemFiles.USUAL, hasSix(), log);
    }

    /** Returns the same with other files, on a machine that has IPv6 or does as if it had. */
    DnsDiscovery with(SystemFiles others) {
        return new DnsDiscovery(form, settings, others, true, log);
    }

    /** A machine without IPv6 reaches no such address, and asks for none. */
    private static boolean hasSix() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(Inet6Address.class::isInstance);
        } catch (SocketException e) {
            return false;
        }
    }

    @Override
    public void start() {
        client = new DnsClient();
    }

    @Override
    public AutoCloseable watch(String target, Consumer<List<Member>> members) {
        DnsTarget what = form.read(target);
        DnsClient by = Objects.requireNonNull(client, "not started");
        DnsWatch watch =
                new DnsWatch(what, () -> new Names(by, settings.nameServers(), files), six, settings.hold(), threads);
        return Polling.start(watch, settings.pace(), log, members);
    }

    @Override
    public void close() throws InterruptedException {
        threads.shutdownNow();
        // Who still waits for an answer gives up on the client's event loop, so that comes last.
        var _ = threads.awaitTermination(1, TimeUnit.SECONDS);
        DnsClient opened = client;
        if (opened != null) {
            opened.close();
        }
    }
}
