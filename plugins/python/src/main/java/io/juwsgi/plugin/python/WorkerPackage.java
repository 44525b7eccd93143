package io.juwsgi.plugin.python;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The Python package {@code juwsgi_worker}: a resource of this module, unpacked for the interpreter to import. */
final class WorkerPackage {
    private static final String RESOURCES = "/juwsgi_worker/";

    /** The package's files; a test compares the list with the sources. */
    static final List<String> FILES = List.of(
            "__init__.py",
            "__main__.py",
            "autoreload.py",
            "body.py",
            "calls.py",
            "control.py",
            "core.py",
            "errors.py",
            "files.py",
            "frames.py",
            "head.py",
            "hooks.py",
            "imports.py",
            "leaving.py",
            "link.py",
            "loader.py",
            "process.py",
            "server.py",
            "uwsgi_decorators.py",
            "uwsgi_module.py",
            "watch.py",
            "websocket.py",
            "worker.py",
            "wsgi.py",
            "zygote.py");

    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private WorkerPackage() {}

    /**
     * Unpacks the package below {@code directory} and returns the script that starts the zygote. Unpacks only once: a
     * directory that is there is complete, since it gets its name when it is.
     */
    static Path unpack(Path directory) {
        Path root = directory.resolve("python");
        Path home = root.resolve("juwsgi_worker");
        Path script = home.resolve("__main__.py");
        if (Files.exists(script)) {
            return script;
        }
        try {
            Files.createDirectory(root, OWNER_ONLY);
            Path unfinished = Files.createDirectory(root.resolve("unfinished"), OWNER_ONLY);
            for (String name : FILES) {
                try (InputStream in = open(name)) {
                    Files.copy(in, unfinished.resolve(name));
                }
            }
            Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
            return script;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack the Python package in " + root, e);
        }
    }

    private static InputStream open(String name) {
        InputStream in = WorkerPackage.class.getResourceAsStream(RESOURCES + name);
        if (in == null) {
            throw new IllegalStateException("the resource " + RESOURCES + name + " is missing");
        }
        return in;
    }
}
