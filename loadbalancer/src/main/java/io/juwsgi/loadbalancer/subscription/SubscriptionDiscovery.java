package io.juwsgi.loadbalancer.subscription;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.spi.Handover;
import io.juwsgi.spi.balance.Discovery;
import io.juwsgi.spi.balance.Member;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Members that announce themselves: {@code subscription:ADDRESS#KEY} those of one key, {@code subscription:ADDRESS} a group for
 * each key. Upstreams that name the same address share its socket. Thread-safe.
 */
final class SubscriptionDiscovery implements Discovery, Handover {
    private final System.Logger log;
    private final Duration tolerance;
    private final SignCheck signs;
    private final Resubscription resubscription;
    private final Map<String, SubscriptionServer> servers = new HashMap<>();

    SubscriptionDiscovery(Settings settings, System.Logger log) {
        this.log = log;
        this.resubscription = Resubscription.of(settings);
        int seconds = settings.get(SubscriptionOptions.TOLERANCE);
        if (seconds < 1) {
            throw new ConfigException("subscription-tolerance: " + seconds + " (expected: at least 1)");
        }
        this.tolerance = Duration.ofSeconds(seconds);
        this.signs = SignCheck.of(
                settings.get(SubscriptionOptions.SIGN_CHECK),
                settings.get(SubscriptionOptions.SIGN_TOLERANCE),
                InstantSource.system());
    }

    @Override
    public AutoCloseable watch(String target, Consumer<List<Member>> members) {
        int mark = target.lastIndexOf('#');
        if (mark < 1 || mark == target.length() - 1) {
            throw new ConfigException("subscription:" + target + " (expected: subscription:ADDRESS#KEY)");
        }
        String key = target.substring(mark + 1);
        return server(target.substring(0, mark)).subscribers().watch((changed, now) -> {
            if (changed.equals(key)) {
                members.accept(now);
            }
        });
    }

    @Override
    public AutoCloseable watchGroups(String target, BiConsumer<String, List<Member>> groups) {
        return server(target).subscribers().watch(groups);
    }

    private synchronized SubscriptionServer server(String address) {
        SubscriptionServer known = servers.get(address);
        if (known != null) {
            return known;
        }
        try {
            SubscriptionServer made = SubscriptionServer.open(
                    address, new Subscribers(tolerance, signs, System::nanoTime), resubscription.at(address), log);
            servers.put(address, made);
            return made;
        } catch (IOException e) {
            throw new ConfigException("subscription server " + address + " cannot listen: " + e.getMessage());
        }
    }

    /** One that is replaced hears no more: half of what its successor must know would come here. */
    @Override
    public synchronized void leaving(boolean replaced) {
        if (replaced) {
            servers.values().forEach(SubscriptionServer::close);
        }
    }

    @Override
    public synchronized byte[] handOver() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (var server : servers.entrySet()) {
                byte[] known = server.getValue().subscribers().handOver();
                out.writeUTF(server.getKey());
                out.writeInt(known.length);
                out.write(known);
            }
        } catch (IOException e) {
            log.log(Level.WARNING, "subscribers cannot be handed over: " + e, e);
            return new byte[0];
        }
        return bytes.toByteArray();
    }

    @Override
    public synchronized void takeOver(byte[] state) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
            while (in.available() > 0) {
                SubscriptionServer server = servers.get(in.readUTF());
                byte[] known = in.readNBytes(in.readInt());
                if (server != null) {
                    server.subscribers().takeOver(known);
                }
            }
        }
    }

    @Override
    public synchronized void close() {
        servers.values().forEach(SubscriptionServer::close);
        servers.clear();
    }
}
