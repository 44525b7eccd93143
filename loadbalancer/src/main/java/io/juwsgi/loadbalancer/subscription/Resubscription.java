package io.juwsgi.loadbalancer.subscription;

import io.juwsgi.config.Settings;
import io.juwsgi.protocol.subscription.SubscriptionPacket;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Which announcements are passed on to which other subscription servers, as routers of routers want it. Immutable. */
final class Resubscription {
    private static final System.Logger LOG = System.getLogger(Resubscription.class.getName());

    /** The same announcement is passed on this often at most, so that routers that name each other do not echo. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int MOST = 10_000;

    /** By the address of the server that takes announcements. */
    private final Map<String, List<String>> targets;

    private final String from;

    private Resubscription(Map<String, List<String>> targets, String from) {
        this.targets = targets;
        this.from = from;
    }

    static Resubscription of(Settings settings) {
        Map<String, List<String>> targets = new LinkedHashMap<>();
        add(targets, settings, "http-subscription-server", settings.get(SubscriptionOptions.HTTP_RESUBSCRIBE));
        add(
                targets,
                settings,
                "fastrouter-subscription-server",
                settings.get(SubscriptionOptions.FASTROUTER_RESUBSCRIBE));
        return new Resubscription(
                targets,
                settings.get(SubscriptionOptions.FASTROUTER_RESUBSCRIBE_BIND).orElse(""));
    }

    private static void add(Map<String, List<String>> targets, Settings settings, String option, List<String> to) {
        settings.all().stream()
                .filter(setting -> setting.option().name().equals(option))
                .forEach(setting -> targets.computeIfAbsent(setting.value(), address -> new ArrayList<>())
                        .addAll(to));
    }

    /** Returns what passes on the announcements that come to one address. */
    At at(String address) {
        return new At(targets.getOrDefault(address, List.of()), from);
    }

    /** The announcements of one server. Used by the thread that reads them. */
    static final class At {
        private final List<String> to;
        private final String from;
        private final Map<String, Long> passed = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                return size() > MOST;
            }
        };

        private At(List<String> to, String from) {
            this.to = to;
            this.from = from;
        }

        /**
         * Passes one on that was taken: as it came, with its signature, unless its address is told only by where it came from.
         *
         * @param sender where it came from; null over a Unix socket
         */
        void pass(SubscriptionPacket packet, byte[] datagram, @Nullable InetAddress sender) {
            if (to.isEmpty() || echoes(packet)) {
                return;
            }
            String address = Subscribers.address(packet.address(), sender);
            byte[] bytes = address.equals(packet.address())
                    ? datagram
                    : SubscriptionPacket.of(
                                    packet.leaves(),
                                    packet.key(),
                                    address,
                                    packet.modifier1(),
                                    packet.modifier2(),
                                    packet.weight(),
                                    packet.cores(),
                                    packet.unix())
                            .bytes();
            for (String server : to) {
                try {
                    Datagrams.send(server, bytes, from);
                } catch (IOException e) {
                    LOG.log(Level.WARNING, "an announcement cannot be passed on to " + server + ": " + e.getMessage());
                }
            }
        }

        private boolean echoes(SubscriptionPacket packet) {
            String what = packet.leaves() + " " + packet.key() + " " + packet.address();
            long now = System.nanoTime();
            Long before = passed.put(what, now);
            return before != null && now - before < PAUSE_NANOS;
        }
    }
}
