package io.juwsgi.cli;

import io.juwsgi.master.ReloadListener;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Tells systemd how the service is (sd_notify(3): one datagram to the Unix socket that NOTIFY_SOCKET names). The socket
 * library's first use takes about half a second, so that all work happens on a thread of its own; any thread may call.
 */
final class SystemdNotifier implements ReloadListener, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SystemdNotifier.class.getName());

    private final @Nullable String address;
    private final Map<String, String> environment;
    private final ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("juwsgi-systemd").factory());
    /** Whether another process is the service's by now: what this one does is no news of the service. */
    private volatile boolean replaced;

    /**
     * Makes a notifier.
     *
     * @param environment with NOTIFY_SOCKET, a path or an abstract name that begins with {@code @}; without it every call
     *     does nothing
     */
    SystemdNotifier(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        this.address = environment.get("NOTIFY_SOCKET");
    }

    /** The service accepts requests. */
    void ready(String status) {
        send("READY=1\nSTATUS=" + status);
    }

    /** The service is about to end. */
    void stopping() {
        send("STOPPING=1\nSTATUS=juwsgi stops");
    }

    @Override
    public void began(String what) {
        // Linux's CLOCK_MONOTONIC, which is what nanoTime reads: systemd compares it with the time of its own request.
        send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000 + "\nSTATUS=" + what);
    }

    @Override
    public void ended(String what) {
        ready(what);
    }

    /** Another process is the service from now on; nothing more is said of this one. */
    void replacedBy(long pid) {
        send("MAINPID=" + pid + "\nREADY=1\nSTATUS=juwsgi is ready");
        replaced = true;
    }

    /**
     * Sends the watchdog's sign of life twice in the time that WATCHDOG_USEC allows, if it is meant for this process.
     *
     * @param alive completes when the server has shown that it works
     */
    void watchdog(Supplier<? extends CompletionStage<?>> alive) {
        String limit = environment.getOrDefault("WATCHDOG_USEC", "");
        String pid = environment.getOrDefault("WATCHDOG_PID", "");
        boolean meant = pid.isEmpty()
                || pid.equals(Long.toString(ProcessHandle.current().pid()));
        if (address == null || !meant || !limit.matches("[1-9][0-9]{0,17}")) {
            return;
        }
        long period = Math.max(1, Long.parseLong(limit) / 2);
        Runnable beat = () -> {
            var _ = alive.get().thenRun(() -> send("WATCHDOG=1"));
        };
        var _ = sender.scheduleAtFixedRate(beat, 0, period, TimeUnit.MICROSECONDS);
    }

    private void send(String state) {
        String target = address;
        if (target != null && !replaced) {
            try {
                sender.execute(() -> sendNow(target, state));
            } catch (RejectedExecutionException e) {
                LOG.log(System.Logger.Level.DEBUG, "systemd: too late for {0}", state);
            }
        }
    }

    private static void sendNow(String target, String state) {
        String path = target.startsWith("@") ? "\0" + target.substring(1) : target;
        try (UnixDatagramChannel channel = UnixDatagramChannel.open()) {
            channel.send(
                    ByteBuffer.wrap(state.getBytes(StandardCharsets.UTF_8)), new UnixSocketAddress(new File(path)));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "systemd could not be notified at {0}: {1}", target, e.getMessage());
        }
    }

    /** Waits a moment for what was not sent yet. */
    @Override
    public void close() {
        sender.shutdown();
        try {
            sender.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
