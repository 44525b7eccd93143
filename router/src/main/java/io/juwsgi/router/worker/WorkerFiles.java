package io.juwsgi.router.worker;

import io.juwsgi.spi.exchange.FileRegion;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Opens files that a worker has open, so that the gateway can send them itself. */
final class WorkerFiles {
    private static final System.Logger LOG = System.getLogger(WorkerFiles.class.getName());

    private WorkerFiles() {}

    /**
     * Opens a descriptor of another process.
     *
     * @return the part of the file, or null when it is no regular file, too short, or out of reach: the worker then
     *     streams the content
     */
    static @Nullable FileRegion open(long pid, int descriptor, long offset, long count) {
        Path path = Path.of("/proc/" + pid + "/fd/" + descriptor);
        // Looked at first: opening a pipe would block the event loop.
        if (descriptor < 0 || offset < 0 || count < 0 || !Files.isRegularFile(path)) {
            return null;
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            if (offset <= channel.size() && count <= channel.size() - offset) {
                FileRegion region = new FileRegion(channel, offset, count);
                channel = null;
                return region;
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "cannot open " + path, e);
        } finally {
            close(channel);
        }
        return null;
    }

    private static void close(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "cannot close a file of a worker", e);
            }
        }
    }
}
