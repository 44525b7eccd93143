package io.juwsgi.cli.upgrade;

import io.juwsgi.config.ConfigException;
import io.juwsgi.router.Router;
import io.juwsgi.router.listener.HandedSocket;
import io.juwsgi.router.listener.InheritedSockets;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The server that this process is to replace, as this process sees it. Used on the main thread; each call waits. */
public final class Predecessor implements AutoCloseable {
    /** The environment variable that names the place of the hand-over. */
    public static final String VARIABLE = "_JUWSGI_UPGRADE";

    static final String TALK = "upgrade.sock";
    static final String SOCKETS = "upgrade-fds.sock";

    private static final int MOST_SOCKETS = 1024;

    private final Path directory;
    private final Talk talk;

    private Predecessor(Path directory, Talk talk) {
        this.directory = directory;
        this.talk = talk;
    }

    /**
     * Finds the server that started this process to be replaced by it, if one did.
     *
     * @throws ConfigException when it is gone
     */
    public static Optional<Predecessor> find(Map<String, String> environment) {
        String place = environment.get(VARIABLE);
        if (place == null) {
            return Optional.empty();
        }
        Path directory = Path.of(place);
        try {
            SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve(TALK)));
            return Optional.of(new Predecessor(directory, new Talk(channel)));
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /** Takes its listening sockets. */
    public InheritedSockets sockets(Router router) {
        try {
            int count = Integer.parseInt(talk.hear());
            if (count < 0 || count > MOST_SOCKETS) {
                throw new IOException(count + " sockets (expected: at most " + MOST_SOCKETS + ")");
            }
            List<HandedSocket> sockets = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sockets.add(HandedSocket.parse(talk.hear()));
            }
            return router.takeSockets(directory.resolve(SOCKETS), sockets);
        } catch (IOException | NumberFormatException e) {
            throw lost(e);
        }
    }

    /** Says that the application is loaded; returns when the predecessor has given up what only one can have. */
    public void loaded() {
        try {
            talk.say(Talk.LOADED);
            talk.expect(Talk.GO);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /** Gives components what those of the server before knew. */
    public void handOver(Handovers to) {
        to.read(directory);
    }

    /** Says that this process serves now, and that the predecessor can go. */
    public void serving() {
        try {
            talk.say(Talk.SERVING);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private static ConfigException lost(Exception e) {
        return new ConfigException("upgrade: the server that was to be replaced is gone: " + e.getMessage());
    }

    @Override
    public void close() {
        try {
            talk.close();
        } catch (IOException e) {
            throw lost(e);
        }
    }
}
