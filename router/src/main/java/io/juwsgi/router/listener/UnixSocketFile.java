package io.juwsgi.router.listener;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file of a Unix socket. It is bound inside a private directory, gets its owner and mode there and is then moved to
 * its place, so that nobody can connect before it has the mode that was asked for.
 */
final class UnixSocketFile {
    private final Path path;
    private final @Nullable Path directory;

    private UnixSocketFile(Path path, @Nullable Path directory) {
        this.path = path;
        this.directory = directory;
    }

    /**
     * Prepares the place; a socket that nobody answers on any more may be replaced.
     *
     * @throws IOException with a message for the user
     */
    static UnixSocketFile prepare(String text) throws IOException {
        Path path = Path.of(text);
        Path parent = Optional.ofNullable(path.getParent()).orElse(Path.of(""));
        if (!Files.isDirectory(parent.toAbsolutePath())) {
            throw new IOException("the directory " + parent + " does not exist");
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            requireStale(path);
        }
        if (!Files.isWritable(parent.toAbsolutePath())) {
            throw new IOException("no permission to write to the directory " + parent.toAbsolutePath());
        }
        Path directory = Files.createTempDirectory(
                parent.toAbsolutePath(),
                ".j",
                PosixFilePermissions.asFileAttribute(
                        EnumSet.range(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE)));
        Path shortest = parent.resolve(directory.getFileName());
        if (shortest.resolve("s").toString().length() > ListenAddress.MAX_PATH) {
            Files.delete(directory);
            Files.deleteIfExists(path);
            return new UnixSocketFile(path, null);
        }
        return new UnixSocketFile(path, shortest);
    }

    /** Returns the file of a socket that is bound already. */
    static UnixSocketFile taken(String path) {
        return new UnixSocketFile(Path.of(path), null);
    }

    private static void requireStale(Path path) throws IOException {
        // A socket is neither of the kinds that the portable attributes know.
        boolean socket = Files.readAttributes(
                        path, java.nio.file.attribute.BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther();
        if (!socket) {
            throw new IOException("the path is taken by a file that is no socket");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            return;
        }
        throw new IOException("the socket is in use by another process");
    }

    /** Returns the path to bind. */
    String bindPath() {
        return directory == null ? path.toString() : directory.resolve("s").toString();
    }

    /** Gives the bound socket its owner and mode, and moves it to its place. */
    void publish(@Nullable Set<PosixFilePermission> mode, @Nullable String owner) throws IOException {
        Path bound = Path.of(bindPath());
        try {
            if (mode != null) {
                Files.setPosixFilePermissions(bound, mode);
            }
            if (owner != null) {
                chown(bound, owner);
            }
            if (directory != null) {
                Files.move(bound, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            discard();
        }
    }

    /** Removes the private directory. */
    void discard() throws IOException {
        if (directory != null) {
            Files.deleteIfExists(directory.resolve("s"));
            Files.deleteIfExists(directory);
        }
    }

    private static void chown(Path bound, String owner) throws IOException {
        int split = Math.max(owner.indexOf(':'), owner.indexOf(','));
        String user = split < 0 ? owner : owner.substring(0, split);
        String group = split < 0 ? "" : owner.substring(split + 1);
        UserPrincipalLookupService names = bound.getFileSystem().getUserPrincipalLookupService();
        try {
            if (isNumber(user)) {
                Files.setAttribute(bound, "unix:uid", Integer.parseInt(user));
            } else if (!user.isEmpty()) {
                Files.setOwner(bound, names.lookupPrincipalByName(user));
            }
            if (isNumber(group)) {
                Files.setAttribute(bound, "unix:gid", Integer.parseInt(group));
            } else if (!group.isEmpty()) {
                Files.getFileAttributeView(bound, PosixFileAttributeView.class)
                        .setGroup(names.lookupPrincipalByGroupName(group));
            }
        } catch (java.nio.file.attribute.UserPrincipalNotFoundException e) {
            throw new IOException("chown-socket " + owner + ": there is no such user or group", e);
        } catch (java.nio.file.FileSystemException e) {
            throw new IOException("chown-socket " + owner + ": " + e.getReason(), e);
        }
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() < 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Removes the socket at exit. */
    void remove() throws IOException {
        Files.deleteIfExists(path);
    }
}
