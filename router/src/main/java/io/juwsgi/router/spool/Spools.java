package io.juwsgi.router.spool;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes the files in which bodies wait, and counts what they hold. Used by all event loops.
 *
 * <p>A file has no name from the moment it is open: nobody else finds it, and a crash leaves nothing behind. What is
 * written goes to the system's page cache, as with nginx; the event loop waits for a disk only when that is full.
 */
public final class Spools {
    private static final System.Logger LOG = System.getLogger(Spools.class.getName());

    /** Memory for parts of responses, all of them together: what a client that is a little slower needs costs no file. */
    private static final long MEMORY = 32L << 20;

    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Path directory;
    private final long quota;
    private final AtomicLong onDisk = new AtomicLong();
    private final AtomicLong inMemory = new AtomicLong();
    private final AtomicLong bodiesInMemory = new AtomicLong();
    private final AtomicLong complained = new AtomicLong(System.nanoTime() - SILENCE_NANOS);

    /**
     * Makes files in a folder.
     *
     * @param quota how many bytes they may hold together
     */
    public Spools(Path directory, long quota) {
        this.directory = directory;
        this.quota = quota;
    }

    /** Returns how many bytes are free where files are made, -1 when the system does not tell. */
    static long free(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            return -1;
        }
    }

    /** Returns how many bytes all files may hold together. */
    public long quota() {
        return quota;
    }

    /** Returns how many bytes they hold now. */
    public long used() {
        return onDisk.get();
    }

    /**
     * What waits at one moment, in bytes.
     *
     * @param memory of requests and responses
     * @param disk what files hold
     */
    public record Held(long memory, long disk) {}

    /** Returns what waits now. */
    public Held held() {
        return new Held(bodiesInMemory.get() + inMemory.get(), onDisk.get());
    }

    /** Hears that the parts of requests that are in memory have become more, or fewer; they have a limit each. */
    void bodiesInMemory(long change) {
        bodiesInMemory.addAndGet(change);
    }

    /** Makes an empty file. */
    Spool open() throws IOException {
        Path file = Files.createTempFile(
                directory,
                "juwsgi-body-",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            return new Spool(this, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
        } finally {
            Files.delete(file);
        }
    }

    /** Takes room in files; returns false when there is not as much. */
    boolean take(long bytes) {
        return take(onDisk, bytes, quota);
    }

    void giveBack(long bytes) {
        onDisk.addAndGet(-bytes);
    }

    /** Takes memory; returns false when there is not as much. */
    boolean takeMemory(long bytes) {
        return take(inMemory, bytes, MEMORY);
    }

    void giveBackMemory(long bytes) {
        inMemory.addAndGet(-bytes);
    }

    private static boolean take(AtomicLong from, long bytes, long limit) {
        if (from.addAndGet(bytes) > limit) {
            from.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Tells why a body could not be kept, at most once in ten seconds: a full disk meets everybody. */
    void complain(String requestId, IOException e) {
        long now = System.nanoTime();
        long last = complained.get();
        if (now - last >= SILENCE_NANOS && complained.compareAndSet(last, now)) {
            LOG.log(Level.WARNING, "request=" + requestId + " its body cannot wait in " + directory + ": " + reason(e));
        }
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return e instanceof java.nio.file.FileSystemException || message == null ? e.toString() : message;
    }
}
