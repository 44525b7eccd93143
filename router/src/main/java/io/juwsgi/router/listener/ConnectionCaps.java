package io.juwsgi.router.listener;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import io.netty.channel.Channel;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Counts connections, over all listeners, and says when there are too many. Thread-safe. */
public final class ConnectionCaps {
    private static final System.Logger LOG = System.getLogger(ConnectionCaps.class.getName());

    /** How often refusals are logged at most: they may come by the thousand. */
    private static final long LOG_NANOS = 1_000_000_000L;

    private final int total;
    private final int perAddress;
    private final Predicate<Channel> uncounted;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentHashMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong lastLog = new AtomicLong(System.nanoTime() - LOG_NANOS);

    private ConnectionCaps(int total, int perAddress, Predicate<Channel> uncounted) {
        this.total = total;
        this.perAddress = perAddress;
        this.uncounted = uncounted;
    }

    /**
     * Reads the settings.
     *
     * @param uncounted whether a connection is of somebody who speaks for many clients
     * @throws ConfigException when one of them is wrong
     */
    public static ConnectionCaps of(Settings settings, Predicate<Channel> uncounted) {
        return new ConnectionCaps(
                notNegative(settings, CapOptions.TOTAL), notNegative(settings, CapOptions.PER_ADDRESS), uncounted);
    }

    private static int notNegative(Settings settings, Option<Integer> option) {
        int value = settings.get(option);
        if (value < 0) {
            throw new ConfigException(option + " " + value + ": expected 0 for no limit, or more");
        }
        return value;
    }

    /** Counts a connection in until it is closed; false when it is one too many, and was not counted. */
    public boolean enter(Channel channel) {
        if (total == 0 && perAddress == 0) {
            return true;
        }
        InetAddress address = counted(channel);
        if (!take(address)) {
            log(channel);
            return false;
        }
        var _ = channel.closeFuture().addListener(closed -> give(address));
        return true;
    }

    /** Returns how many connections were one too many. */
    public long refused() {
        return refused.get();
    }

    private @Nullable InetAddress counted(Channel channel) {
        boolean counts =
                perAddress > 0 && channel.remoteAddress() instanceof InetSocketAddress && !uncounted.test(channel);
        return counts ? ((InetSocketAddress) channel.remoteAddress()).getAddress() : null;
    }

    private boolean take(@Nullable InetAddress address) {
        if (open.incrementAndGet() > total && total > 0) {
            open.decrementAndGet();
            return false;
        }
        if (address == null || byAddress.merge(address, 1, Integer::sum) <= perAddress) {
            return true;
        }
        give(address);
        return false;
    }

    private void give(@Nullable InetAddress address) {
        open.decrementAndGet();
        if (address != null) {
            byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        }
    }

    private void log(Channel channel) {
        long count = refused.incrementAndGet();
        long last = lastLog.get();
        long now = System.nanoTime();
        if (now - last >= LOG_NANOS && lastLog.compareAndSet(last, now)) {
            LOG.log(
                    Level.WARNING,
                    "connection of {0} refused, {1} so far: why=too-many-connections",
                    channel.remoteAddress(),
                    count);
        }
    }
}
