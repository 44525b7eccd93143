package io.juwsgi.cache.store;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Large responses, a file each: the head in front, the body behind it, so that the kernel sends it. A file has its name only when
 * it is whole, and every file says what it is; there is no index on disk that could be wrong after a crash.
 *
 * <p>Any thread may use it; files are written by one thread of its own, and what that one cannot keep up with is not stored.
 */
public final class DiskStore implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DiskStore.class.getName());
    private static final String WHOLE = ".entry";
    private static final String PARTIAL = ".partial";
    /** Begins the names of files that this process writes: a reload has two stores of one directory for a while. */
    private static final String PROCESS = UUID.randomUUID() + "-";

    /** More bytes than these do not wait for a slow disk. */
    private static final long PENDING = 32L * 1024 * 1024;

    private static final long QUIET_NANOS = 60_000_000_000L;
    private static final long CLOSING_MILLIS = 10_000;
    private static final int LONGEST_HEAD = 1 << 20;

    /** How a file is made; a test may have a full disk. */
    interface Opening {
        FileChannel open(Path file) throws IOException;
    }

    private final Path directory;
    private final Opening opening;
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final AtomicLong pending = new AtomicLong();
    private final Thread thread;
    private boolean complained;
    private long complainedAt;
    private volatile boolean closed;

    /**
     * Opens a directory, which is made when it is not there.
     *
     * @throws IOException when it cannot be made
     */
    public DiskStore(Path directory) throws IOException {
        this(directory, DiskStore::create);
    }

    DiskStore(Path directory, Opening opening) throws IOException {
        this.directory = Files.isDirectory(directory)
                ? directory
                : Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        this.opening = opening;
        thread = Thread.ofPlatform().daemon().name("juwsgi-cache-disk").start(this::run);
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private void run() {
        try {
            while (!closed || !tasks.isEmpty()) {
                tasks.take().run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Looks for what was stored by a process before this one.
     *
     * @param found takes it, on the store's own thread
     */
    public void look(Consumer<EntryCodec.Entry> found) {
        tasks.add(() -> load(found));
    }

    private void load(Consumer<EntryCodec.Entry> found) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                EntryCodec.Entry entry = name.endsWith(WHOLE) ? read(file) : null;
                if (entry != null) {
                    found.accept(entry);
                } else if (name.endsWith(WHOLE) || (name.endsWith(PARTIAL) && !name.startsWith(PROCESS))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the cache cannot read " + directory + ": " + e);
        }
    }

    /** Reads the head of a file; null when it is not whole, or of another version. */
    private static EntryCodec.@Nullable Entry read(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS))) {
            Counting counting = new Counting(in);
            DataInputStream data = new DataInputStream(counting);
            EntryCodec.Entry entry = EntryCodec.head(data);
            long length = data.readLong();
            if (counting.count > LONGEST_HEAD || Files.size(file) != counting.count + length) {
                return null;
            }
            return new EntryCodec.Entry(
                    entry.key(), entry.response().with(new Body.InFile(file, counting.count, length)));
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    /** Counts what is read. */
    private static final class Counting extends InputStream {
        private final InputStream in;
        private long count;

        Counting(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int one = in.read();
            count += one < 0 ? 0 : 1;
            return one;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int got = in.read(bytes, offset, length);
            count += Math.max(0, got);
            return got;
        }
    }

    /** Deletes the file of a response that is not stored any more; who is being sent it gets it all. */
    void delete(StoredResponse response) {
        if (response.body() instanceof Body.InFile(Path file, long ignored, long bytes)) {
            tasks.add(() -> delete(file));
        }
    }

    /** Notes in the file of a response that its lifetime is another one, which a restart is not to forget. */
    void expired(StoredResponse response) {
        if (response.body() instanceof Body.InFile(Path file, long offset, long ignored)) {
            long lifetime = response.freshness().lifetime();
            tasks.add(() -> writeLifetime(file, offset - EntryCodec.LIFETIME_BEFORE_BODY, lifetime));
        }
    }

    private static void writeLifetime(Path file, long position, long lifetime) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).putLong(lifetime).flip();
        try (FileChannel open = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            while (bytes.hasRemaining()) {
                open.write(bytes, position + bytes.position());
            }
        } catch (NoSuchFileException e) {
            LOG.log(Level.DEBUG, "gone by now", e);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the cache cannot write into " + file + ", so it goes: " + e);
            delete(file);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the cache cannot delete " + file + ": " + e);
        }
    }

    /** Begins a file for a response whose body is not complete. */
    public Spool spool(CacheKey key, StoredResponse head) {
        return new Spool(key, head);
    }

    /** Says why nothing is stored, not more than once a minute. Of the store's thread. */
    private void complain(IOException e) {
        long now = System.nanoTime();
        if (!complained || now - complainedAt > QUIET_NANOS) {
            complained = true;
            complainedAt = now;
            LOG.log(Level.WARNING, "the cache cannot write into " + directory + ": " + e.getMessage());
        }
    }

    /** A body on its way into a file. Used by one thread; its callback comes on the store's own thread. */
    public final class Spool {
        private final byte[] head;
        private final StoredResponse response;
        private final Path partial = directory.resolve(PROCESS + UUID.randomUUID() + PARTIAL);
        /** Of the store's thread, as is everything below. */
        private @Nullable FileChannel channel;

        private long written;
        /** Set by either thread, and never taken back. */
        private volatile boolean given;

        private Spool(CacheKey key, StoredResponse response) {
            this.response = response;
            head = EntryCodec.head(key, response, 0);
            tasks.add(this::open);
        }

        private void open() {
            try {
                channel = opening.open(partial);
                write(ByteBuffer.wrap(head));
            } catch (IOException e) {
                fail(e);
            }
        }

        private void write(ByteBuffer bytes) throws IOException {
            FileChannel open = channel;
            while (open != null && bytes.hasRemaining()) {
                written += open.write(bytes);
            }
        }

        /** Adds bytes, which must not change any more. */
        public void write(byte[] bytes) {
            if (given) {
                return;
            }
            if (pending.addAndGet(bytes.length) > PENDING) {
                LOG.log(Level.DEBUG, "the cache's disk is too slow");
                abort();
            }
            tasks.add(() -> {
                try {
                    if (!given) {
                        write(ByteBuffer.wrap(bytes));
                    }
                } catch (IOException e) {
                    fail(e);
                } finally {
                    pending.addAndGet(-bytes.length);
                }
            });
        }

        private void fail(IOException e) {
            if (!given) {
                complain(e);
            }
            given = true;
            discard();
        }

        private void discard() {
            try (FileChannel open = channel) {
                channel = null;
                if (open != null) {
                    Files.deleteIfExists(partial);
                }
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "discarding " + partial, e);
            }
        }

        /** Gives the file up. */
        public void abort() {
            given = true;
            tasks.add(this::discard);
        }

        /** The body is complete: {@code stored} gets the response when it is safe on disk. */
        public void finish(Consumer<StoredResponse> stored) {
            tasks.add(() -> {
                FileChannel open = channel;
                if (given || open == null) {
                    return;
                }
                given = true;
                try (open) {
                    stored.accept(named(open));
                } catch (IOException e) {
                    given = false;
                    fail(e);
                }
            });
        }

        private StoredResponse named(FileChannel open) throws IOException {
            long length = written - head.length;
            ByteBuffer told = ByteBuffer.allocate(Long.BYTES).putLong(length).flip();
            while (told.hasRemaining()) {
                open.write(told, head.length - told.remaining());
            }
            open.force(false);
            String name = partial.getFileName().toString();
            Path whole = directory.resolve(name.substring(0, name.length() - PARTIAL.length()) + WHOLE);
            Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE);
            return response.with(new Body.InFile(whole, head.length, length));
        }
    }

    /** Writes what is on its way, and ends. */
    @Override
    public void close() {
        closed = true;
        tasks.add(() -> {});
        try {
            thread.join(CLOSING_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
