package io.juwsgi.processes;

import io.juwsgi.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalLong;

/** A file that names a process: whoever reads it sees the whole number or no file. */
public final class Pidfile {
    /** A number, a line end, and room for what other programs put around them. */
    private static final int LONGEST = 64;

    private final Path path;
    private final String content;

    private Pidfile(Path path, long pid) {
        this.path = path;
        this.content = pid + "\n";
    }

    /** Writes this process's id; the exception's message is a line for the user. */
    public static Pidfile write(Path path) {
        Pidfile file =
                new Pidfile(path.toAbsolutePath(), ProcessHandle.current().pid());
        try {
            file.write();
        } catch (IOException e) {
            throw new ConfigException("pidfile: cannot write " + path + ": " + e);
        }
        return file;
    }

    /** Writes the id of another process. */
    public static void write(Path path, long pid) throws IOException {
        new Pidfile(path.toAbsolutePath(), pid).write();
    }

    private void write() throws IOException {
        Path beside = path.resolveSibling(
                path.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.writeString(beside, content);
            Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /**
     * Reads the process id that somebody has written.
     *
     * @return empty when the file holds no process id
     * @throws IOException when it cannot be read
     */
    public static OptionalLong read(Path path) throws IOException {
        byte[] bytes = new byte[LONGEST];
        int length;
        try (InputStream in = Files.newInputStream(path)) {
            length = in.readNBytes(bytes, 0, LONGEST);
        }
        String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1).strip();
        return text.matches("[1-9][0-9]{0,9}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** Returns the process that a file names, if it runs. */
    public static OptionalLong running(Path path) {
        try {
            OptionalLong pid = read(path);
            return pid.isPresent()
                            && ProcessHandle.of(pid.getAsLong())
                                    .filter(ProcessHandle::isAlive)
                                    .isPresent()
                    ? pid
                    : OptionalLong.empty();
        } catch (IOException noFile) {
            return OptionalLong.empty();
        }
    }

    /** Removes the file, unless another server has written its own there. */
    public void remove() throws IOException {
        if (Files.exists(path) && Files.readString(path).equals(content)) {
            Files.delete(path);
        }
    }
}
