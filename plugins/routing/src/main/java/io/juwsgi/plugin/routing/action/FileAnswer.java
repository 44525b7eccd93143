package io.juwsgi.plugin.routing.action;

import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.FileRegion;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * An ordinary file that was opened for an answer.
 *
 * @param path where it is
 * @param channel the open file
 * @param size in bytes
 * @param changed when it was changed, in seconds since 1970
 */
record FileAnswer(Path path, FileChannel channel, long size, long changed) {
    static final Failure NOT_FOUND = Failure.client(404, "route-no-file", "There is nothing at this address.");

    /**
     * Opens a file. Names with a {@code ..} segment are not opened: a part of the name may come from a client.
     *
     * @param name each char one byte
     * @return null when there is no ordinary file of that name, or it cannot be read
     */
    static @Nullable FileAnswer open(String name) {
        try {
            Path path = Path.of(decoded(name));
            for (Path segment : path) {
                if (segment.toString().equals("..")) {
                    return null;
                }
            }
            if (!Files.isRegularFile(path)) {
                return null;
            }
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            long changed = Files.getLastModifiedTime(path).toInstant().getEpochSecond();
            return new FileAnswer(path, channel, channel.size(), changed);
        } catch (IOException | InvalidPathException e) {
            return null;
        }
    }

    /** Returns whether no link leads elsewhere on the way to the file. */
    boolean isWhereItSays() {
        try {
            return path.toRealPath().equals(path.toAbsolutePath().normalize());
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns a text whose chars are bytes of UTF-8 as Java has it. */
    static String decoded(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Returns a tag that another state of the file does not have. */
    String etag() {
        return "\"" + Long.toHexString(changed) + "-" + Long.toHexString(size) + "\"";
    }

    FileRegion region(long position, long count) {
        return new FileRegion(channel, position, count);
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            System.getLogger(FileAnswer.class.getName())
                    .log(System.Logger.Level.DEBUG, "closing a file that is not sent", e);
        }
    }
}
