package io.juwsgi.router.listener;

import io.juwsgi.config.ConfigException;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Listening sockets that another process opened: systemd (sd_listen_fds(3)), or the server that this one replaces. Used on
 * the main thread, before anything is bound.
 */
public final class InheritedSockets {
    private static final System.Logger LOG = System.getLogger(InheritedSockets.class.getName());

    /** The first descriptor that systemd passes. */
    private static final int FIRST = 3;

    private static final int MOST = 256;

    /**
     * One socket.
     *
     * @param fd its descriptor in this process
     * @param origin what is known of it
     */
    public record Inherited(int fd, HandedSocket origin) {
        /** Returns where it listens. */
        ListenAddress address() {
            return origin.address();
        }

        /** Returns the name that systemd gave it, empty when it has none. */
        public String name() {
            return origin.name();
        }
    }

    private final List<Inherited> sockets = new ArrayList<>();

    /** Makes a set without sockets. */
    public InheritedSockets() {}

    /**
     * Adds what systemd has opened for this process.
     *
     * @param environment with LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES
     * @param pid this process; sockets for another one are left alone
     * @throws ConfigException when one of them is no listening stream socket
     */
    public void addSystemd(Map<String, String> environment, long pid) {
        int count = number(environment.get("LISTEN_FDS"));
        if (count <= 0 || !Long.toString(pid).equals(environment.get("LISTEN_PID"))) {
            return;
        }
        if (count > MOST) {
            throw new ConfigException("LISTEN_FDS=" + count + " (expected: at most " + MOST + ")");
        }
        String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
        for (int i = 0; i < count; i++) {
            add(FIRST + i, i < names.length ? names[i] : "");
        }
    }

    private static int number(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
    }

    private void add(int fd, String name) {
        try {
            boolean unix = Descriptor.prepareListening(fd);
            sockets.add(new Inherited(fd, new HandedSocket(fd, name, unix ? unixAddress(fd) : tcpAddress(fd))));
        } catch (IOException e) {
            throw new ConfigException("socket activation: " + e.getMessage()
                    + (name.isEmpty() ? "" : " (FileDescriptorName=" + name + ")"));
        }
    }

    /** Adds a socket of the server that this one replaces. */
    public void addPredecessor(int fd, HandedSocket origin) {
        sockets.add(new Inherited(fd, origin));
    }

    private static ListenAddress unixAddress(int fd) throws IOException {
        DomainSocketAddress local = new Socket(fd).localDomainSocketAddress();
        if (local == null || local.path().isEmpty()) {
            throw new IOException("descriptor " + fd + " is a Unix socket without an address");
        }
        String path = local.path();
        return path.charAt(0) == 0 ? new ListenAddress.Abstract(path.substring(1)) : new ListenAddress.Unix(path);
    }

    private static ListenAddress tcpAddress(int fd) throws IOException {
        InetSocketAddress local = new Socket(fd).localAddress();
        if (local == null) {
            throw new IOException("descriptor " + fd + " is neither a TCP nor a Unix socket");
        }
        InetAddress address = local.getAddress();
        return new ListenAddress.Tcp(address.isAnyLocalAddress() ? "" : address.getHostAddress(), local.getPort());
    }

    /** Returns the address itself, or one for each socket when it is a name that several sockets have. */
    public List<ListenAddress> each(ListenAddress address) {
        if (!(address instanceof ListenAddress.Descriptor named)) {
            return List.of(address);
        }
        List<ListenAddress> each = new ArrayList<>();
        for (Inherited socket : sockets) {
            if (named.key().equals(socket.name())) {
                each.add(new ListenAddress.Descriptor(
                        Integer.toString(socket.origin().number())));
            }
        }
        return each.isEmpty() ? List.of(address) : each;
    }

    /** Removes and returns the socket that a listener with this address is to have; null when it must open one. */
    @Nullable
    Inherited take(ListenAddress wanted) {
        for (Inherited socket : sockets) {
            if (fits(socket, wanted)) {
                sockets.remove(socket);
                return socket;
            }
        }
        return null;
    }

    private static boolean fits(Inherited socket, ListenAddress wanted) {
        return switch (wanted) {
            case ListenAddress.Descriptor d ->
                d.key().equals(Integer.toString(socket.origin().number()));
            case ListenAddress.Tcp tcp -> socket.address() instanceof ListenAddress.Tcp own && same(own, tcp);
            case ListenAddress.Unix unix ->
                socket.address() instanceof ListenAddress.Unix own
                        && absolute(own).equals(absolute(unix));
            case ListenAddress.Abstract named -> socket.address().equals(named);
        };
    }

    /** Returns the sockets of systemd that no listener has taken. */
    public List<Inherited> rest() {
        return sockets.stream().filter(socket -> !socket.origin().ours()).toList();
    }

    /** Closes what no listener has taken: the server before had more listeners. */
    public void closeRest() {
        for (Inherited socket : sockets) {
            try {
                new FileDescriptor(socket.fd()).close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", socket.address(), e.getMessage());
            }
        }
        sockets.clear();
    }

    private static boolean same(ListenAddress.Tcp own, ListenAddress.Tcp wanted) {
        return own.port() == wanted.port()
                && (own.equals(wanted) || address(own).equals(address(wanted)));
    }

    /** All interfaces are the same, whether over IPv4 or IPv6; a name that is not known is told of when it is bound. */
    private static String address(ListenAddress.Tcp tcp) {
        try {
            InetAddress address = InetAddress.getByName(tcp.host().isEmpty() ? "0.0.0.0" : tcp.host());
            return address.isAnyLocalAddress() ? "" : address.getHostAddress();
        } catch (UnknownHostException e) {
            return tcp.host();
        }
    }

    private static Path absolute(ListenAddress.Unix unix) {
        return Path.of(unix.path()).toAbsolutePath().normalize();
    }
}
