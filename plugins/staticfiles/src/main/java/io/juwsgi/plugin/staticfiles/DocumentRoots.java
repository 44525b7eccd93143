package io.juwsgi.plugin.staticfiles;

import io.juwsgi.spi.exchange.Request;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The directories that requests name themselves, with DOCUMENT_ROOT, as nginx does over the uwsgi protocol. Only what was
 * configured as safe, and what is below it, counts: nothing on the wire chooses files elsewhere. Thread-safe.
 */
final class DocumentRoots {
    /** More virtual hosts than a server has; what comes beyond is passed on. */
    private static final int MAX = 1024;

    private final List<Path> safe;
    private final Function<Path, Source> maker;
    private final Map<String, Source> sources = new ConcurrentHashMap<>();

    DocumentRoots(List<Path> safe, Function<Path, Source> maker) {
        this.safe = safe;
        this.maker = maker;
    }

    /** Returns where the files of a request are by its own word; null when that does not count. */
    @Nullable
    Source of(Request request) {
        String[] root = {""};
        request.variables((name, value) -> {
            if (name.equals("DOCUMENT_ROOT")) {
                root[0] = value;
            }
        });
        return root[0].isEmpty() ? null : named(root[0]);
    }

    private @Nullable Source named(String root) {
        Source known = sources.get(root);
        if (known != null || sources.size() >= MAX) {
            return known;
        }
        try {
            Path path = Path.of(root).normalize();
            return path.isAbsolute() && safe.stream().anyMatch(path::startsWith)
                    ? sources.computeIfAbsent(root, made -> maker.apply(path))
                    : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    void sweep() {
        sources.values().forEach(source -> source.files().sweep());
    }

    void close() {
        sources.values().forEach(source -> source.files().close());
    }
}
