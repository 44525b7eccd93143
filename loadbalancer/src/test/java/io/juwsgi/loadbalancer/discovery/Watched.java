package io.juwsgi.loadbalancer.discovery;

import io.juwsgi.loadbalancer.discovery.Names.SystemFiles;
import io.juwsgi.spi.balance.Member;
import io.juwsgi.testkit.Waiting;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What somebody hears who watches a target, with files of the test's own in place of the system's. */
final class Watched implements AutoCloseable {
    private final DnsDiscovery discovery;
    private final AutoCloseable watch;
    private final List<List<Member>> told;
    private final Lines lines;

    /** Keeps what is logged. */
    private static final class Lines implements Logger {
        private final List<String> all = new CopyOnWriteArrayList<>();

        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return level.compareTo(Level.INFO) >= 0;
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
            all.add(level + " " + message + " " + thrown);
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String format, Object @Nullable ... values) {
            if (isLoggable(level)) {
                all.add(level + " " + (values == null ? format : MessageFormat.format(String.valueOf(format), values)));
            }
        }
    }

    private Watched(DnsDiscovery discovery, AutoCloseable watch, List<List<Member>> told, Lines lines) {
        this.discovery = discovery;
        this.watch = watch;
        this.told = told;
        this.lines = lines;
    }

    /** Settings that look at the TTL alone, and as often as they may. */
    static DnsSettings settings(String... servers) {
        return new DnsSettings(Duration.ofHours(1), Duration.ofMillis(100), Duration.ofHours(1), List.of(servers));
    }

    static DnsSettings holding(Duration hold, String... servers) {
        return new DnsSettings(Duration.ofMillis(300), Duration.ofMillis(100), hold, List.of(servers));
    }

    /** Watches {@code dns:TARGET} or {@code srv:TARGET}; the directory may hold files {@code resolv.conf} and {@code hosts}. */
    static Watched start(Path directory, String target, DnsSettings settings) throws Exception {
        Lines lines = new Lines();
        boolean service = target.startsWith("srv:");
        DnsDiscovery discovery = (service
                        ? DnsDiscovery.ofServices(settings, lines)
                        : DnsDiscovery.ofAddresses(settings, lines))
                .with(new SystemFiles(directory.resolve("resolv.conf"), directory.resolve("hosts")));
        discovery.start();
        List<List<Member>> told = new CopyOnWriteArrayList<>();
        return new Watched(discovery, discovery.watch(target.substring(4), told::add), told, lines);
    }

    static void hosts(Path directory, String text) throws Exception {
        Path next = Files.writeString(directory.resolve("hosts.next"), text);
        Files.move(next, directory.resolve("hosts"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Returns who is there now, as {@link Member#line} says it; empty when nobody has ever been found. */
    List<String> now() {
        return told.isEmpty()
                ? List.of()
                : told.getLast().stream().map(Member::line).toList();
    }

    void await(String... lines) {
        List<String> expected = List.of(lines);
        until(expected.toString(), () -> now().equals(expected));
    }

    private void until(String what, BooleanSupplier condition) {
        try {
            Waiting.until(what, condition);
        } catch (AssertionError e) {
            throw new AssertionError("told " + told + ", log " + lines.all, e);
        }
    }

    /** Waits for a line of the log. */
    void awaitLine(String part) {
        until(part, () -> count(part) > 0);
    }

    long count(String part) {
        return lines.all.stream().filter(line -> line.contains(part)).count();
    }

    @Override
    public void close() throws Exception {
        watch.close();
        discovery.close();
    }
}
