package io.juwsgi.cache.named;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The file that keeps a cache's items over a restart: a journal of changes, written a tenth of a second after they were made, and
 * anew as a whole when half of it is old. A server that is killed loses at most that tenth; a record that it did not write
 * to its end is found by its checksum and forgotten.
 *
 * <p>Two servers never write one file: who comes second, as a successor in an upgrade does, reads it, and has it when the
 * first lets go of its lock. Used on the caches' thread, but for {@link #changed} and {@link #cleared}.
 */
final class StoreFile implements NamedCache.Listener {
    private static final System.Logger LOG = System.getLogger(StoreFile.class.getName());
    private static final long DELAY_MILLIS = 100;
    private static final long LOCK_MILLIS = 1000;
    private static final long SMALL = 1 << 20;
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;
    private final int syncSeconds;
    private final NamedCache cache;
    private final ScheduledExecutorService thread;

    /** Keys that the file does not have as the cache has them. Guarded by this. */
    private Set<Bytes> dirty = new HashSet<>();

    private boolean emptied;
    private boolean scheduled;

    private @Nullable FileChannel lockFile;
    private @Nullable FileChannel file;
    private boolean closed;
    private boolean failing;
    private boolean rewrite;
    private long live;

    private StoreFile(Path path, int syncSeconds, NamedCache cache, ScheduledExecutorService thread) {
        this.path = path;
        this.syncSeconds = syncSeconds;
        this.cache = cache;
        this.thread = thread;
    }

    /** Reads the file into the cache, and follows the cache from then on. */
    static StoreFile open(Path path, int syncSeconds, NamedCache cache, ScheduledExecutorService thread) {
        StoreFile store = new StoreFile(path.toAbsolutePath(), syncSeconds, cache, thread);
        boolean locked = store.lock();
        store.load();
        cache.listen(store);
        // What the cache had before it got a file, and what may be broken at the end of this one.
        store.rewrite = true;
        thread.execute(locked ? store::flush : store::take);
        if (syncSeconds > 0) {
            var _ = thread.scheduleWithFixedDelay(store::sync, syncSeconds, syncSeconds, TimeUnit.SECONDS);
        }
        return store;
    }

    boolean isOf(CacheSpec spec) {
        return spec.store().map(Path::toAbsolutePath).filter(path::equals).isPresent()
                && spec.storeSync() == syncSeconds;
    }

    private void load() {
        try {
            int items = JournalReader.read(path, cache);
            LOG.log(Level.INFO, "cache=" + cache.spec().name() + " store=" + path + " items=" + items);
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "cache=" + cache.spec().name() + " store=" + path + ": " + e.getMessage()
                            + ": the cache begins without it");
        }
    }

    @Override
    public synchronized void changed(Bytes key) {
        dirty.add(key);
        schedule();
    }

    @Override
    public synchronized void cleared() {
        dirty = new HashSet<>();
        emptied = true;
        schedule();
    }

    private void schedule() {
        if (!scheduled && !thread.isShutdown()) {
            scheduled = true;
            var _ = thread.schedule(this::flush, DELAY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Takes the lock as soon as no other server has it. */
    private void take() {
        if (closed) {
            return;
        }
        if (!lock()) {
            var _ = thread.schedule(this::take, LOCK_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        try {
            // What the other server has written since this one read the file.
            JournalReader.read(path, cache);
        } catch (IOException e) {
            complain(e);
        }
        flush();
    }

    /** Tries to take the lock; returns whether it is this server's. */
    private boolean lock() {
        try {
            Path beside = path.resolveSibling(path.getFileName() + ".lock");
            FileChannel channel =
                    FileChannel.open(beside, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNER_ONLY);
            if (isFree(channel)) {
                lockFile = channel;
                return true;
            }
            channel.close();
        } catch (IOException e) {
            complain(e);
        }
        return false;
    }

    private static boolean isFree(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void flush() {
        Set<Bytes> keys;
        boolean clear;
        synchronized (this) {
            scheduled = false;
            // A late one, after the end, would write over what the next server has written.
            if (closed || lockFile == null) {
                return;
            }
            keys = dirty;
            clear = emptied;
            dirty = new HashSet<>();
            emptied = false;
        }
        try {
            if (rewrite || clear || file == null) {
                writeAnew();
            } else if (!keys.isEmpty()) {
                append(keys);
            }
            failing = false;
        } catch (IOException | UncheckedIOException e) {
            rewrite = true;
            complain(e);
        }
    }

    private void append(Set<Bytes> keys) throws IOException {
        FileChannel out = file;
        if (out == null) {
            return;
        }
        for (Bytes key : keys) {
            write(out, JournalReader.record(key, cache.item(key)));
        }
        if (out.size() > 2 * liveBytes() + SMALL) {
            writeAnew();
        }
    }

    private long liveBytes() {
        CacheStats stats = cache.stats();
        return stats.bytes() + (long) stats.items() * 64 + live;
    }

    /** Writes another file and puts it into the place of the first: there is always a whole one. */
    private void writeAnew() throws IOException {
        Path next = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(next);
        FileChannel out =
                FileChannel.open(next, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY);
        List<Bytes> keys = new ArrayList<>(cache.keys());
        write(out, ByteBuffer.wrap(JournalReader.MAGIC));
        long keyBytes = 0;
        for (Bytes key : keys) {
            keyBytes += key.array().length;
            write(out, JournalReader.record(key, cache.item(key)));
        }
        out.force(false);
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        closeFile();
        live = keyBytes;
        rewrite = false;
        file = out;
    }

    private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    private void sync() {
        try {
            if (file != null) {
                file.force(false);
            }
        } catch (IOException e) {
            complain(e);
        }
    }

    private void complain(Exception e) {
        if (!failing) {
            failing = true;
            LOG.log(
                    Level.WARNING,
                    "cache=" + cache.spec().name() + " store=" + path + " cannot be written: " + e.getMessage()
                            + ": the cache goes on in memory");
        }
    }

    private void closeFile() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }

    /** Writes what is left and lets go of the file. */
    void close() {
        if (closed) {
            return;
        }
        flush();
        closed = true;
        try {
            closeFile();
            if (lockFile != null) {
                lockFile.close();
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing " + path, e);
        }
    }
}
