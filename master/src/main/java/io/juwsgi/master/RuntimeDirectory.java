package io.juwsgi.master;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.spi.LogSink;
import io.juwsgi.spi.worker.WorkerRuntime;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The server's private directory, {@code juwsgi-PID-RANDOM} with mode 0700, and the removal of those that killed servers
 * left behind. Made on the main thread, removed by the master's.
 */
public final class RuntimeDirectory {
    /** Room for {@code /worker-4096-4194304.sock} below the 104 bytes that every system takes for a socket's path. */
    private static final int LONGEST = 103 - "/worker-4096-4194304.sock".length();

    private static final Pattern NAME = Pattern.compile("juwsgi-([0-9]{1,10})-[0-9]+");
    /** The name of the socket for operators. */
    public static final String CTL_SOCKET = "ctl.sock";

    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel lock;

    private RuntimeDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes the directory in {@code $XDG_RUNTIME_DIR}, {@code /run} or the temporary directory, whichever can be used.
     *
     * @throws ConfigException when there is none
     */
    public static RuntimeDirectory create(LogSink log) {
        return createIn(bases(), log);
    }

    private static List<Path> bases() {
        return Stream.of(System.getenv("XDG_RUNTIME_DIR"), "/run", System.getProperty("java.io.tmpdir"), "/tmp")
                .filter(Objects::nonNull)
                .filter(base -> !base.isEmpty())
                .map(Path::of)
                .filter(Path::isAbsolute)
                .distinct()
                .toList();
    }

    /** Returns the directories that belong to servers of this user, also those that killed ones left behind. */
    public static List<Path> all() {
        List<Path> all = new ArrayList<>();
        for (Path base : bases()) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(base, "juwsgi-*")) {
                for (Path directory : found) {
                    if (NAME.matcher(directory.getFileName().toString()).matches() && isOurs(directory)) {
                        all.add(directory);
                    }
                }
            } catch (IOException | DirectoryIteratorException unreadable) {
                // Then no server of this user is there.
            }
        }
        return all;
    }

    /** Returns the place of the socket for operators. */
    public Path ctlSocket() {
        return path.resolve(CTL_SOCKET);
    }

    /**
     * Makes the directory where the settings' processes can reach it: with {@code chroot} in that root.
     *
     * @throws ConfigException when there is no place for it
     */
    public static RuntimeDirectory create(Settings settings, LogSink log) {
        Optional<Path> root =
                settings.get(EnvironmentOptions.CHROOT).map(Path::of).map(Path::toAbsolutePath);
        return root.isPresent()
                ? createIn(List.of(root.get().resolve("run"), root.get().resolve("tmp"), root.get()), log)
                : create(log);
    }

    static RuntimeDirectory createIn(List<Path> bases, LogSink log) {
        StringBuilder why = new StringBuilder();
        for (Path base : bases) {
            if (!Files.isDirectory(base) || !Files.isWritable(base)) {
                why.append("; ").append(base).append(": not a directory that can be written to");
                continue;
            }
            removeStale(base, log);
            try {
                return make(base);
            } catch (IOException e) {
                why.append("; ").append(base).append(": ").append(e.getMessage());
            }
        }
        throw new ConfigException("no place for the server's sockets" + why + " (expected: a writable directory in"
                + " XDG_RUNTIME_DIR, /run or the temporary directory)");
    }

    private static RuntimeDirectory make(Path base) throws IOException {
        String prefix = "juwsgi-" + ProcessHandle.current().pid() + "-";
        Path path = Files.createTempDirectory(
                base, prefix, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST) {
            Files.delete(path);
            throw new IOException("path of " + length + " bytes (expected: at most " + LONGEST + ")");
        }
        FileChannel lock =
                FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        if (lock.tryLock() == null) {
            throw new IOException("the lock of a new directory is taken: " + path);
        }
        return new RuntimeDirectory(path, lock);
    }

    /** Returns where processes meet the master. */
    public WorkerRuntime runtime() {
        return new WorkerRuntime(path, path.resolve("control.sock"));
    }

    /** Lets other users reach what is in it and may be used by them; they cannot list it. */
    public void shareWithOthers() throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
    }

    /** Removes the directory with everything in it. */
    public void remove() throws IOException {
        lock.close();
        delete(path);
    }

    /** Its contents are files and sockets; nothing is followed. */
    private static void delete(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    delete(file);
                } else {
                    Files.deleteIfExists(file);
                }
            }
        }
        Files.deleteIfExists(directory);
    }

    private static void removeStale(Path base, LogSink log) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(base, "juwsgi-*")) {
            for (Path directory : found) {
                if (isStale(directory)) {
                    delete(directory);
                    log.line("removed what a killed server left: " + directory);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            log.line("cannot look for what killed servers left in " + base + ": " + e.getMessage());
        }
    }

    /**
     * Returns whether the directory's server is gone: its process id is nobody's (or this process's own, in a container
     * that starts again), and its lock is free. The lock tells what process ids cannot, in another container.
     */
    private static boolean isStale(Path directory) throws IOException {
        Matcher name = NAME.matcher(directory.getFileName().toString());
        if (!name.matches() || !Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        long pid = Long.parseLong(name.group(1));
        boolean gone =
                pid == ProcessHandle.current().pid() || ProcessHandle.of(pid).isEmpty();
        return gone && isOurs(directory) && isUnlocked(directory.resolve(LOCK));
    }

    private static boolean isOurs(Path directory) throws IOException {
        return Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).getName().equals(System.getProperty("user.name"));
    }

    private static boolean isUnlocked(Path lock) throws IOException {
        if (!Files.exists(lock, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException ownLock) {
            return false;
        }
    }
}
