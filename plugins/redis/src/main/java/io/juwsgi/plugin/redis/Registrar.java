package io.juwsgi.plugin.redis;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import io.juwsgi.spi.Handover;
import io.juwsgi.spi.balance.Member;
import io.juwsgi.spi.extension.Context;
import io.juwsgi.spi.extension.LifeCycle;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Registers this server in Redis, again and again, as long as its socket takes connections; takes it out when the server begins to
 * end, unless another process has taken its place. A virtual thread of its own does the work.
 */
final class Registrar implements LifeCycle, Handover {
    /** How long to wait for the socket at first. */
    private static final Duration SOON = Duration.ofMillis(100);

    private static final Pattern ENTRY = Pattern.compile("(?:([^= ]+)=)?([^= ]+)((?: +\\S+)*)");
    private static final Pattern PORT = Pattern.compile("(\\S+):([1-9][0-9]{0,4})");

    /**
     * What is registered.
     *
     * @param name for which upstreams
     * @param member what is said of this server
     */
    record Entry(String name, Member member) {

        /**
         * Reads {@code [ADDRESS=]NAME[ weight=N][ zone=ZONE][ backup]}.
         *
         * @param socket the address when none is given; empty for none
         * @param zone the zone when none is given
         */
        static Entry parse(String text, String socket, String zone) {
            Matcher entry = ENTRY.matcher(text.strip());
            boolean right = entry.matches()
                    && RegistryDiscovery.NAME.matcher(entry.group(2)).matches();
            String address = !right ? "" : entry.group(1) == null ? socket : entry.group(1);
            if (!right || !PORT.matcher(address).matches() || address.matches("(\\*|0\\.0\\.0\\.0|\\[::]):.*")) {
                throw new ConfigException("register-to: " + text
                        + " (expected: [ADDRESS=]NAME[ weight=N][ zone=ZONE][ backup], and HOST:PORT as the first"
                        + " socket or ADDRESS, which gateways can reach)");
            }
            String more = entry.group(3);
            String in = zone.isEmpty() || more.contains(" zone=") ? "" : " zone=" + zone;
            try {
                return new Entry(entry.group(2), Member.parse(address + more + in));
            } catch (IllegalArgumentException e) {
                throw new ConfigException("register-to: " + e.getMessage());
            }
        }

        boolean accepts() {
            int colon = member.address().lastIndexOf(':');
            String host = member.address().substring(0, colon).replaceAll("^\\[|]$", "");
            int port = Integer.parseInt(member.address().substring(colon + 1));
            try (SocketChannel channel = SocketChannel.open(new InetSocketAddress(host, port))) {
                return channel.isConnected();
            } catch (IOException e) {
                return false;
            }
        }
    }

    private final List<Entry> entries;
    private final Duration life;
    private final RedisSettings redis;
    private final Breaker breaker;
    private final Logger log;
    private @Nullable Registry registry;
    private @Nullable Thread thread;
    private volatile boolean left;

    private Registrar(List<Entry> entries, Duration life, RedisSettings redis, Logger log) {
        this.entries = entries;
        this.life = life;
        this.redis = redis;
        this.log = log;
        this.breaker = new Breaker("registering in redis", "gateways keep what they know", log, System::nanoTime);
    }

    static Registrar of(Context context) {
        Settings settings = context.settings();
        String socket = first(settings, "socket", first(settings, "uwsgi-socket", ""));
        String zone = first(settings, "zone", "");
        int seconds = settings.get(RegistryOptions.REGISTER_TTL);
        if (seconds < 1) {
            throw new ConfigException("register-ttl: " + seconds + " (expected: at least 1)");
        }
        return new Registrar(
                settings.get(RegistryOptions.REGISTER_TO).stream()
                        .map(text -> Entry.parse(text, socket, zone))
                        .toList(),
                Duration.ofSeconds(seconds),
                RedisSettings.of(settings),
                context.logger());
    }

    private static String first(Settings settings, String option, String otherwise) {
        return settings.all().stream()
                .filter(setting -> setting.option().name().equals(option))
                .map(Setting::value)
                .findFirst()
                .orElse(otherwise);
    }

    @Override
    public void start() throws IOException {
        registry = Registry.open(redis);
        thread = Thread.ofVirtual().name("juwsgi-redis-registrar").start(this::run);
    }

    private void run() {
        try {
            boolean known = false;
            while (!left) {
                boolean all = true;
                for (Entry entry : entries) {
                    all &= entry.accepts() && register(entry);
                }
                known |= all;
                Thread.sleep(known ? life.dividedBy(3) : SOON);
            }
        } catch (InterruptedException e) {
            log.log(Level.DEBUG, "registered no more");
        }
    }

    /** Not while it leaves: that is the last word. */
    private synchronized boolean register(Entry entry) {
        return left
                || done(breaker.call(() -> Objects.requireNonNull(registry)
                                .put(entry.name(), entry.member().line(), life))
                        .toCompletableFuture());
    }

    private static boolean done(CompletableFuture<?> change) {
        return change.handle((value, thrown) -> thrown == null)
                .completeOnTimeout(false, 2, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public synchronized void leaving(boolean replaced) {
        left = true;
        if (replaced) {
            return;
        }
        for (Entry entry : entries) {
            boolean gone = done(breaker.call(() -> Objects.requireNonNull(registry)
                            .remove(entry.name(), entry.member().line()))
                    .toCompletableFuture());
            if (!gone) {
                log.log(Level.DEBUG, "{0} cannot be taken out of redis", entry.name());
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        if (thread != null) {
            thread.interrupt();
            thread.join(Duration.ofSeconds(2));
        }
        if (registry != null) {
            registry.close();
        }
    }
}
