package io.juwsgi.processes.emperor;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;

/**
 * Where one vassal tells how it is: a Unix datagram socket, as sd_notify(3) wants it. A thread of its own reads it; what does not
 * look like news is passed over, since any process of the vassal's user may write there.
 */
final class NotifySocket implements AutoCloseable {
    private static final int LONGEST = 4096;

    private final Path path;
    private final UnixDatagramChannel channel;
    private final Consumer<Map<String, String>> news;
    private volatile boolean closed;

    private NotifySocket(Path path, UnixDatagramChannel channel, Consumer<Map<String, String>> news) {
        this.path = path;
        this.channel = channel;
        this.news = news;
    }

    /**
     * Makes the socket and begins to read.
     *
     * @param news takes what comes, on the reading thread
     */
    static NotifySocket open(Path path, Consumer<Map<String, String>> news) throws IOException {
        UnixDatagramChannel channel = UnixDatagramChannel.open();
        channel.bind(new UnixSocketAddress(path.toFile()));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        NotifySocket socket = new NotifySocket(path, channel, news);
        Thread.ofPlatform().name("juwsgi-vassal-news").daemon().start(socket::read);
        return socket;
    }

    Path path() {
        return path;
    }

    /** Lets the vassal's user write, if that is another one. */
    void allow(int uid, int gid, boolean other) throws IOException {
        if (other) {
            Files.setAttribute(path, "unix:uid", uid);
            Files.setAttribute(path, "unix:gid", gid);
        }
    }

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocate(LONGEST);
        try (channel) {
            while (!closed) {
                buffer.clear();
                channel.receive(buffer);
                buffer.flip();
                Map<String, String> read =
                        parse(StandardCharsets.UTF_8.decode(buffer).toString());
                if (!closed && !read.isEmpty()) {
                    news.accept(read);
                }
            }
        } catch (IOException e) {
            // The socket is gone: the vassal can tell nothing more.
        }
    }

    /** Reads lines of {@code NAME=VALUE}; others are passed over. */
    static Map<String, String> parse(String text) {
        Map<String, String> values = new HashMap<>();
        text.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        });
        return values;
    }

    /** Removes the socket and ends its thread. */
    @Override
    public void close() {
        closed = true;
        // A reader cannot be interrupted; an empty message wakes it.
        try (UnixDatagramChannel waker = UnixDatagramChannel.open()) {
            waker.send(ByteBuffer.allocate(1), new UnixSocketAddress(new File(path.toString())));
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // It ends with the process, then.
        }
    }
}
