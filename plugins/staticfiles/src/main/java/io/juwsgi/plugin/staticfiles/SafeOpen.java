package io.juwsgi.plugin.staticfiles;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens files in directories, and nothing else: it asks where a name leads, checks that this is inside, and then walks
 * there from the directory's own descriptor, name by name, following no link. A link that is put in the way between check
 * and open makes the open fail; it cannot lead outside. Immutable.
 *
 * @param safe directories that links may lead to
 * @param links whether links are followed at all
 * @param logger gets a line where a link leads outside
 */
record SafeOpen(List<Path> safe, boolean links, System.Logger logger) {
    /** A file that changes while it is opened is looked at again. */
    private static final int TRIES = 3;

    /**
     * An open file.
     *
     * @param real where it is
     * @param facts what the open file is: they were the same before and after it was opened
     */
    record Opened(Path real, FileChannel channel, BasicFileAttributes facts) {}

    /**
     * Opens an ordinary file.
     *
     * @param root the directory that it has to be in; the file itself when it was configured as such
     * @return null when there is none, it may not be read, or it is outside
     */
    @Nullable
    Opened open(Path root, Path file) {
        try {
            Path real = file.toRealPath();
            Path base = base(root.toRealPath(), real, file);
            if (base == null || (!links && !real.equals(base.resolve(root.relativize(file))) && !file.equals(root))) {
                return null;
            }
            for (int i = 0; i < TRIES; i++) {
                Opened opened = walk(base, real);
                if (opened != null) {
                    return opened;
                }
            }
            return null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Returns the directory, of those that are allowed, that a real path is in. */
    private @Nullable Path base(Path realRoot, Path real, Path asked) throws IOException {
        if (real.equals(realRoot)) {
            return realRoot.getParent();
        }
        // By whole names: /srv/app does not hold /srv/app-private.
        if (real.startsWith(realRoot)) {
            return realRoot;
        }
        for (Path directory : safe) {
            Path realSafe = directory.toRealPath();
            if (real.startsWith(realSafe)) {
                return realSafe;
            }
        }
        logger.log(
                System.Logger.Level.DEBUG,
                () -> asked + " leads to " + real + ", which is not in " + realRoot + ": not served");
        return null;
    }

    private static @Nullable Opened walk(Path base, Path real) throws IOException {
        try (DirectoryStream<Path> directory = Files.newDirectoryStream(base)) {
            return down(secure(directory), base.relativize(real), 0, real);
        }
    }

    private static @Nullable Opened down(SecureDirectoryStream<Path> directory, Path names, int depth, Path real)
            throws IOException {
        Path name = names.getName(depth);
        if (depth == names.getNameCount() - 1) {
            return in(directory, name, real);
        }
        try (SecureDirectoryStream<Path> next = directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            return down(next, names, depth + 1, real);
        }
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        throw new IOException("this system cannot open files relative to a directory");
    }

    private static @Nullable Opened in(SecureDirectoryStream<Path> directory, Path name, Path real) throws IOException {
        BasicFileAttributes before = facts(directory, name);
        // Before it is opened: a FIFO would block, a device may do anything.
        if (!before.isRegularFile()) {
            throw new IOException("no ordinary file");
        }
        SeekableByteChannel channel =
                directory.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        if (channel instanceof FileChannel file && same(before, facts(directory, name))) {
            return new Opened(real, file, before);
        }
        channel.close();
        return null;
    }

    private static BasicFileAttributes facts(SecureDirectoryStream<Path> directory, Path name) throws IOException {
        return directory
                .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    /** Returns whether two looks at a file saw the same file in the same state. */
    static boolean same(BasicFileAttributes one, BasicFileAttributes other) {
        Object key = one.fileKey();
        return one.size() == other.size()
                && key != null
                && key.equals(other.fileKey())
                && one.lastModifiedTime().equals(other.lastModifiedTime());
    }
}
