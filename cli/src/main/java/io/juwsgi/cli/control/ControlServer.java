package io.juwsgi.cli.control;

import io.juwsgi.config.ConfigException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * The control socket of a running server: lines of JSON, each answered by one. Virtual threads accept and answer; any
 * thread may close it. Only the server's own user and root are listened to, as the kernel names them.
 */
public final class ControlServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ControlServer.class.getName());

    private static final int MOST_CLIENTS = 16;

    /** How long a client may take for a line, and for reading its answer, in seconds. */
    private static final long PATIENCE = 10;

    private final ServerSocketChannel channel;
    private final Path path;
    private final @Nullable Object file;
    private final ControlCommands commands;
    private final UserPrincipal owner;
    private final UserPrincipal root;
    private final Semaphore clients = new Semaphore(MOST_CLIENTS);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("juwsgi-ctl-timer").factory());

    private ControlServer(ServerSocketChannel channel, Path path, ControlCommands commands) throws IOException {
        this.channel = channel;
        this.path = path;
        this.file = key(path);
        this.commands = commands;
        this.owner = Files.getOwner(path);
        this.root = FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("0");
    }

    /**
     * Binds and starts.
     *
     * @param path the socket; what another server of ours left there is replaced
     * @param takesOver whether the server that answers there now is being replaced
     * @throws ConfigException when it cannot be bound
     */
    public static ControlServer start(Path path, boolean takesOver, ControlCommands commands) {
        try {
            requireFree(path, takesOver);
            ControlServer server = new ControlServer(bound(path), path, commands);
            Thread.ofVirtual().name("juwsgi-ctl").start(server::accept);
            return server;
        } catch (IOException e) {
            throw new ConfigException("ctl-socket " + path + ": " + e.getMessage());
        }
    }

    private static void requireFree(Path path, boolean takesOver) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException("the path is taken by a file that is no socket");
        }
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            if (!takesOver) {
                throw new IOException("another server answers there");
            }
        } catch (java.net.ConnectException e) {
            LOG.log(Level.DEBUG, "ctl-socket {0}: replacing what a killed server left", path);
        }
    }

    /** Binds beside the place and moves the socket there, so that there is always one that answers. */
    private static ServerSocketChannel bound(Path path) throws IOException {
        Path beside = path.resolveSibling(
                "." + path.getFileName() + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(beside);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(beside));
            Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rw-------"));
            Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
            return channel;
        } catch (IOException e) {
            channel.close();
            Files.deleteIfExists(beside);
            throw e;
        }
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private void accept() {
        while (channel.isOpen()) {
            try {
                SocketChannel client = channel.accept();
                if (clients.tryAcquire()) {
                    Thread.ofVirtual().name("juwsgi-ctl-client").start(() -> serve(client));
                } else {
                    LOG.log(Level.WARNING, "ctl: a client is refused, {0} are connected already", MOST_CLIENTS);
                    client.close();
                }
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "ctl: {0}", e.getMessage());
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            UserPrincipal user =
                    client.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
            if (!user.equals(owner) && !user.equals(root)) {
                LOG.log(Level.WARNING, "ctl: user {0} is refused (expected: {1} or root)", user, owner);
                answer(client, refusal("user " + user + " may not control this server"));
                return;
            }
            converse(client);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "ctl: {0}", e.getMessage());
        } finally {
            clients.release();
        }
    }

    private void converse(SocketChannel client) throws IOException {
        Lines lines = new Lines(client);
        while (true) {
            byte[] line = lines.next();
            if (line == null) {
                return;
            }
            if (line.length > ControlRequest.LONGEST) {
                answer(client, refusal("the request is longer than " + ControlRequest.LONGEST + " bytes"));
                return;
            }
            answer(client, outcome(line));
        }
    }

    private Map<String, ?> outcome(byte[] line) {
        try {
            ControlRequest request = ControlRequest.parse(line);
            return Map.of("ok", true, "result", commands.run(request.command(), request.arguments()));
        } catch (ControlException e) {
            return refusal(Objects.requireNonNullElse(e.getMessage(), "refused"));
        }
    }

    private static Map<String, ?> refusal(String error) {
        return Map.of("ok", false, "error", error);
    }

    private void answer(SocketChannel client, Map<String, ?> answer) throws IOException {
        byte[] text = JsonTree.write(answer);
        ByteBuffer line =
                ByteBuffer.allocate(text.length + 1).put(text).put((byte) '\n').flip();
        Future<?> limit = limit(client);
        try {
            while (line.hasRemaining()) {
                client.write(line);
            }
        } finally {
            limit.cancel(false);
        }
    }

    private Future<?> limit(SocketChannel client) {
        return timer.schedule(() -> close(client), PATIENCE, TimeUnit.SECONDS);
    }

    private static void close(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "ctl: {0}", e.getMessage());
        }
    }

    /** The lines that one client sends. */
    private final class Lines {
        private final SocketChannel client;
        private final ByteBuffer read = ByteBuffer.allocate(4096).limit(0);

        Lines(SocketChannel client) {
            this.client = client;
        }

        /** Returns the next line without its end, or null at the end; one that is too long is not read to its end. */
        byte @Nullable [] next() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            Future<?> limit = limit(client);
            try {
                while (line.size() <= ControlRequest.LONGEST) {
                    if (!read.hasRemaining() && !fill()) {
                        return null;
                    }
                    byte next = read.get();
                    if (next == '\n') {
                        return line.toByteArray();
                    }
                    line.write(next);
                }
                return line.toByteArray();
            } finally {
                limit.cancel(false);
            }
        }

        private boolean fill() throws IOException {
            int count = client.read(read.clear());
            read.flip();
            return count >= 0;
        }
    }

    /** Stops listening; the socket's file goes, unless it is another server's by now. */
    @Override
    public void close() {
        try {
            channel.close();
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && Objects.equals(key(path), file)) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "ctl: {0}", e.getMessage());
        }
        timer.shutdown();
    }
}
