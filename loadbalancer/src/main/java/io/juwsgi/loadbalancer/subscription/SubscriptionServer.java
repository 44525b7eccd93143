package io.juwsgi.loadbalancer.subscription;

import io.juwsgi.protocol.subscription.SubscriptionPacket;
import io.juwsgi.protocol.uwsgi.UwsgiException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Takes announcements at one address, on threads of its own: one reads, one looks for those who have gone silent. */
final class SubscriptionServer implements AutoCloseable {
    /** Refused datagrams are told of this often at most. */
    private static final long COMPLAINT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final String address;
    private final Datagrams socket;
    private final Subscribers subscribers;
    private final Resubscription.At further;
    private final System.Logger log;
    private final Thread watching;
    private long lastComplaint = System.nanoTime() - COMPLAINT_NANOS;
    private volatile boolean closed;

    private SubscriptionServer(
            String address, Datagrams socket, Subscribers subscribers, Resubscription.At further, System.Logger log) {
        this.address = address;
        this.socket = socket;
        this.subscribers = subscribers;
        this.further = further;
        this.log = log;
        // A platform thread: the native library that waits on a Unix socket knows no virtual ones.
        Thread.ofPlatform().name("juwsgi-subscriptions").daemon().start(this::read);
        watching = Thread.ofVirtual().name("juwsgi-subscribers").start(this::watch);
    }

    /** Begins to listen. */
    static SubscriptionServer open(
            String address, Subscribers subscribers, Resubscription.At further, System.Logger log) throws IOException {
        SubscriptionServer server = new SubscriptionServer(address, Datagrams.at(address), subscribers, further, log);
        log.log(Level.INFO, "subscription server bound on {0}", server.bound());
        return server;
    }

    private String bound() throws IOException {
        int port = socket.port();
        return port < 0 ? address : address.substring(0, address.lastIndexOf(':') + 1) + port;
    }

    Subscribers subscribers() {
        return subscribers;
    }

    private void read() {
        // One byte more than the largest packet, so that a larger one is seen to be.
        ByteBuffer buffer = ByteBuffer.allocate(SubscriptionPacket.LIMIT + 1);
        while (!closed) {
            try {
                InetAddress sender = socket.receive(buffer.clear());
                take(Arrays.copyOf(buffer.array(), buffer.position()), sender);
            } catch (IOException e) {
                if (!closed) {
                    log.log(Level.ERROR, "subscription server " + address + " cannot read: " + e, e);
                }
                return;
            } catch (RuntimeException e) {
                log.log(Level.ERROR, "subscription server " + address + " failed: " + e, e);
            }
        }
    }

    private void take(byte[] datagram, @Nullable InetAddress sender) {
        if (closed) {
            return;
        }
        String wrong;
        try {
            SubscriptionPacket packet = SubscriptionPacket.read(datagram);
            wrong = subscribers.accept(packet, sender);
            if (wrong.isEmpty()) {
                further.pass(packet, datagram, sender);
            }
        } catch (UwsgiException e) {
            wrong = String.valueOf(e.getMessage());
        }
        long now = System.nanoTime();
        if (!wrong.isEmpty() && now - lastComplaint >= COMPLAINT_NANOS) {
            lastComplaint = now;
            String from = sender == null ? "a Unix socket" : sender.getHostAddress();
            log.log(
                    Level.WARNING,
                    "subscription server {0}: an announcement of {1} is not taken: {2}",
                    address,
                    from,
                    wrong);
        }
    }

    private void watch() {
        try {
            while (!closed) {
                Thread.sleep(250);
                subscribers.expire();
            }
        } catch (InterruptedException e) {
            log.log(Level.DEBUG, "subscription server " + address + " is closed");
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        watching.interrupt();
        try {
            socket.close();
        } catch (IOException e) {
            log.log(Level.DEBUG, "subscription server " + address + " is closed", e);
        }
    }
}
