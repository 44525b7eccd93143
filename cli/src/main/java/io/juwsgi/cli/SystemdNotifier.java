package io.juwsgi.cli;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Tells systemd how the service is (sd_notify(3): one datagram to the Unix socket that NOTIFY_SOCKET names). The socket
 * library's first use takes about half a second, so that all work happens on a thread of its own; any thread may call.
 */
final class SystemdNotifier implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SystemdNotifier.class.getName());

    private final @Nullable String address;
    private final ExecutorService sender = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("juwsgi-systemd").factory());

    /**
     * Makes a notifier.
     *
     * @param address the value of NOTIFY_SOCKET, a path or an abstract name that begins with {@code @}; null turns every
     *     call into nothing
     */
    SystemdNotifier(@Nullable String address) {
        this.address = address;
    }

    /** The service accepts requests. */
    void ready(String status) {
        send("READY=1\nSTATUS=" + status);
    }

    /** The service is about to end. */
    void stopping() {
        send("STOPPING=1");
    }

    private void send(String state) {
        if (address != null) {
            String target = address;
            sender.execute(() -> sendNow(target, state));
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
