package io.juwsgi.loadbalancer.subscription;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import io.juwsgi.protocol.subscription.SubscriptionPacket;
import io.juwsgi.spi.Controllable;
import io.juwsgi.spi.Handover;
import io.juwsgi.spi.extension.LifeCycle;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Announces this server to subscription servers, again and again, as long as its socket takes connections; says goodbye when the
 * server begins to end, unless another process has taken its place. A virtual thread of its own does the work.
 */
final class Subscriber implements LifeCycle, Controllable, Handover {
    /** How long to wait for the socket at first. */
    private static final Duration SOON = Duration.ofMillis(100);

    private static final Set<String> SOCKETS = Set.of("socket", "uwsgi-socket");

    private final List<Subscription> subscriptions;
    private final Duration frequency;
    private final List<String> sockets;
    private final int cores;
    private final int weight;
    private final Optional<Integer> modifier1;
    private final System.Logger log;
    private @Nullable Thread thread;
    private String lastTrouble = "";
    private boolean announced;
    private volatile boolean paused;

    Subscriber(Settings settings, System.Logger log) {
        this.log = log;
        this.subscriptions = Stream.concat(
                        settings.get(SubscriptionOptions.SUBSCRIBE_TO).stream()
                                .flatMap(text -> Subscription.parse(text).stream()),
                        settings.get(SubscriptionOptions.SUBSCRIBE2).stream().map(Subscription::parseNamed))
                .toList();
        int seconds = settings.get(SubscriptionOptions.FREQUENCY);
        if (seconds < 1) {
            throw new ConfigException("subscribe-freq: " + seconds + " (expected: at least 1)");
        }
        this.frequency = Duration.ofSeconds(seconds);
        this.sockets = settings.all().stream()
                .filter(setting -> SOCKETS.contains(setting.option().name()))
                .map(Setting::value)
                .toList();
        this.cores = number(first(settings, "processes", "1")) * number(first(settings, "threads", "1"));
        this.weight = settings.get(SubscriptionOptions.AUTO_WEIGHT).isPresent()
                ? cores
                : settings.get(SubscriptionOptions.WEIGHT);
        this.modifier1 = settings.get(SubscriptionOptions.MODIFIER1).map(Subscriber::modifier1);
        this.paused = settings.get(SubscriptionOptions.START_UNSUBSCRIBED);
        if (subscriptions.stream().anyMatch(this::hasNoSocket)) {
            throw new ConfigException("subscribe-to: there is no socket to announce (expected: a socket, or ADDRESS=)");
        }
    }

    private boolean hasNoSocket(Subscription one) {
        return one.address().isEmpty() && one.socket() >= sockets.size();
    }

    private static int modifier1(String text) {
        int number = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
        if (number < 0 || number > 255) {
            throw new ConfigException("subscribe-with-modifier1: " + text + " (expected: 0 to 255)");
        }
        return number;
    }

    private static String first(Settings settings, String option, String otherwise) {
        return settings.all().stream()
                .filter(setting -> setting.option().name().equals(option))
                .map(Setting::value)
                .findFirst()
                .orElse(otherwise);
    }

    private static int number(String text) {
        return text.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(text) : 1;
    }

    @Override
    public void start() {
        thread = Thread.ofVirtual().name("juwsgi-subscriber").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                boolean all = true;
                for (Subscription one : subscriptions) {
                    all &= paused || announce(one);
                }
                announced |= all;
                Thread.sleep(announced ? frequency : SOON);
            }
        } catch (InterruptedException e) {
            log.log(Level.DEBUG, "no more announcements");
        }
    }

    private boolean announce(Subscription one) {
        try {
            if (!one.check().isEmpty() && Files.exists(Path.of(one.check()))) {
                return true;
            }
            String address = address(one);
            if (!accepts(address)) {
                return false;
            }
            tell(one, address);
            lastTrouble = "";
            return true;
        } catch (IOException | GeneralSecurityException e) {
            String trouble = one.server() + " cannot be told of this server: " + e.getMessage();
            if (!trouble.equals(lastTrouble)) {
                lastTrouble = trouble;
                log.log(Level.WARNING, trouble);
            }
            return true;
        }
    }

    /** Not while a pause begins: its goodbye is the last word. */
    private synchronized void tell(Subscription one, String address) throws IOException, GeneralSecurityException {
        if (!paused) {
            send(one, address, false);
        }
    }

    private void send(Subscription one, String address, boolean leaves) throws IOException, GeneralSecurityException {
        SubscriptionPacket packet = SubscriptionPacket.of(
                        leaves,
                        one.key(),
                        address,
                        modifier1.orElse(one.modifier1()),
                        one.modifier2(),
                        one.weight() > 0 ? one.weight() : Math.max(1, weight),
                        cores,
                        // A goodbye is newer than an announcement of the same second, or nobody would take it.
                        Instant.now().getEpochSecond() + (leaves ? 1 : 0))
                .with(one.certificates());
        byte[] bytes = one.signer().isPresent() ? packet.bytes(one.signer().get()) : packet.bytes();
        Datagrams.send(one.server(), bytes);
    }

    /** An address of all interfaces is told as the one that the subscription server is reached from. */
    private String address(Subscription one) throws IOException {
        String own = one.address().isEmpty() ? sockets.get(one.socket()) : one.address();
        if (own.indexOf('/') >= 0) {
            return Path.of(own).toAbsolutePath().toString();
        }
        InetSocketAddress inet = Datagrams.inet(own);
        InetAddress host = inet.getAddress();
        if (host.isAnyLocalAddress()) {
            boolean near = one.server().indexOf('/') >= 0;
            host = near ? InetAddress.getLoopbackAddress() : Datagrams.from(one.server());
        }
        String text = host.getHostAddress();
        return (text.indexOf(':') < 0 ? text : "[" + text + "]") + ":" + inet.getPort();
    }

    /** Nobody is called who would be refused: not before the socket is bound, not after it is closed. */
    private static boolean accepts(String address) throws IOException {
        SocketAddress own = address.indexOf('/') >= 0 ? UnixDomainSocketAddress.of(address) : Datagrams.inet(address);
        try (SocketChannel channel = SocketChannel.open(own)) {
            return channel.isConnected();
        } catch (SocketException e) {
            return false;
        }
    }

    @Override
    public synchronized void leaving(boolean replaced) {
        paused = true;
        if (!replaced) {
            leave();
        }
    }

    /** No goodbye: after a reload another one announces the same socket. */
    @Override
    public void close() throws InterruptedException {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            running.join(Duration.ofSeconds(2));
        }
    }

    @Override
    public String controlName() {
        return "subscribe";
    }

    @Override
    public String controlUsage() {
        return "[pause | resume | toggle]: the announcements of this server";
    }

    /** A pause begins with a goodbye, so that nobody sends requests until the next announcement. */
    @Override
    public synchronized Map<String, ?> control(List<String> arguments) {
        switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
            case "" -> {}
            case "pause" -> pause(true);
            case "resume" -> pause(false);
            case "toggle" -> pause(!paused);
            default ->
                throw new IllegalArgumentException(arguments.getFirst() + " (expected: pause, resume or toggle)");
        }
        return Map.of("announced", !paused);
    }

    private void pause(boolean on) {
        paused = on;
        if (on) {
            leave();
        }
    }

    private void leave() {
        List<String> failed = new ArrayList<>();
        for (Subscription one : subscriptions) {
            try {
                send(one, address(one), true);
            } catch (IOException | GeneralSecurityException e) {
                failed.add(one.server() + ": " + e.getMessage());
            }
        }
        if (!failed.isEmpty()) {
            log.log(Level.DEBUG, "goodbye was not said to " + String.join(", ", failed));
        }
    }
}
