package io.juwsgi.master;

import io.juwsgi.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The file that names the server's process: whoever reads it sees the whole number or no file. */
final class Pidfile {
    private final Path path;
    private final String content = ProcessHandle.current().pid() + "\n";

    private Pidfile(Path path) {
        this.path = path;
    }

    static Pidfile write(Path path) {
        Pidfile file = new Pidfile(path.toAbsolutePath());
        try {
            file.write();
        } catch (IOException e) {
            throw new ConfigException("pidfile: cannot write " + path + ": " + e);
        }
        return file;
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

    /** Removes the file, unless another server has written its own there. */
    void remove() throws IOException {
        if (Files.exists(path) && Files.readString(path).equals(content)) {
            Files.delete(path);
        }
    }
}
