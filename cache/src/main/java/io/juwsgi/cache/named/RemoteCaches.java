package io.juwsgi.cache.named;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.juwsgi.spi.worker.WorkerCall;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Caches of other servers, which applications name {@code cache@host:port} or {@code cache@/path/of/a/socket}. Each call is a
 * connection, on a virtual thread; a server that does not answer in time has nothing, as in uWSGI. Any thread may use it.
 */
final class RemoteCaches {
    /** The functions that another server can be asked for, by its name for them. */
    static final Set<String> COMMANDS = Set.of("get", "set", "update", "del", "exists", "clear");

    private static final System.Logger LOG = System.getLogger(RemoteCaches.class.getName());
    private static final byte[] TRUE = {1};
    /** uWSGI's own socket-timeout. */
    private static final long SECONDS = 4;

    private static final int LONGEST_VALUE = 64 * 1024 * 1024;

    private final Set<String> silent = ConcurrentHashMap.newKeySet();

    /** Returns whether the cache that a call names is on another server. */
    static boolean concerns(WorkerCall call) {
        return !call.arguments().isEmpty() && new String(call.arguments().getFirst(), ISO_8859_1).indexOf('@') >= 0;
    }

    /** Asks another server, and answers the call with what it says. */
    void ask(String command, WorkerCall call) {
        var _ = Thread.ofVirtual().name("juwsgi-remote-cache").start(() -> answer(command, call));
    }

    private void answer(String command, WorkerCall call) {
        List<byte[]> given = call.arguments();
        String named = new String(given.getFirst(), ISO_8859_1);
        int at = named.lastIndexOf('@');
        String address = named.substring(at + 1);
        byte[] value = null;
        try {
            value = ask(address, question(command, named.substring(0, at), given), value(command, given));
            if (silent.remove(address)) {
                LOG.log(Level.INFO, "cache@{0} answers again", address);
            }
        } catch (IOException | IllegalArgumentException e) {
            if (silent.add(address)) {
                LOG.log(Level.WARNING, "cache@{0} does not answer: {1}", address, e.toString());
            }
        }
        if (value == null) {
            call.reply();
        } else {
            call.reply(command.equals("get") ? value : TRUE);
        }
    }

    private static CachePacket question(String command, String cache, List<byte[]> given) {
        Map<String, String> asked = new LinkedHashMap<>();
        asked.put("cmd", command);
        if (given.size() > 1) {
            asked.put("key", new String(given.get(1), ISO_8859_1));
        }
        byte[] value = value(command, given);
        if (value != null) {
            asked.put("size", Integer.toString(value.length));
            asked.put("expires", Long.toString(Math.max(0, Arithmetic.number(given.get(3)))));
        }
        if (!cache.isEmpty()) {
            asked.put("cache", cache);
        }
        return new CachePacket(asked);
    }

    private static byte @Nullable [] value(String command, List<byte[]> given) {
        boolean brings = (command.equals("set") || command.equals("update")) && given.size() == 4;
        return brings ? given.get(2) : null;
    }

    /** Returns the value of the answer, empty when it has none; null when the server says nothing, or no. */
    private static byte @Nullable [] ask(String address, CachePacket question, byte @Nullable [] value)
            throws IOException {
        try (SocketChannel channel = SocketChannel.open(socket(address).family)) {
            CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS).execute(() -> cut(channel));
            channel.connect(socket(address).address);
            write(channel, question.bytes());
            if (value != null) {
                write(channel, value);
            }
            InputStream in = Channels.newInputStream(channel);
            CachePacket answer = CachePacket.read(in);
            if (!answer.ok()) {
                return null;
            }
            byte[] found = new byte[answer.valueLength(LONGEST_VALUE)];
            new DataInputStream(in).readFully(found);
            return found;
        } catch (EOFException e) {
            return null;
        }
    }

    private record Where(java.net.ProtocolFamily family, SocketAddress address) {}

    private static Where socket(String address) {
        if (address.indexOf('/') >= 0) {
            return new Where(java.net.StandardProtocolFamily.UNIX, UnixDomainSocketAddress.of(address));
        }
        int colon = address.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(address + " (expected: host:port, or a path with a slash)");
        }
        InetSocketAddress inet =
                new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        return new Where(
                inet.getAddress() instanceof java.net.Inet6Address
                        ? java.net.StandardProtocolFamily.INET6
                        : java.net.StandardProtocolFamily.INET,
                inet);
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }

    /** Whoever waits on the connection hears that it is closed; one that is done with it does not care. */
    private static void cut(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection to another server''s cache cannot be closed: {0}", e.toString());
        }
    }
}
