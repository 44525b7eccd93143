package io.juwsgi.plugin.staticfiles;

import io.juwsgi.spi.exchange.Fields;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files that the application may name in its responses: with {@code X-Sendfile} by their path, with {@code
 * X-Accel-Redirect} by an address. Thread-safe.
 */
final class SendfileTargets {
    private static final String BY_PATH = "X-Sendfile";
    private static final String BY_PREFIX = "X-Accel-Redirect";
    /** The application may name what clients may not. */
    private static final Names NAMES = new Names(true);

    private final List<Source> byPath;
    private final List<Source> byPrefix;
    private final System.Logger logger;

    SendfileTargets(StaticConfig.Sendable sendable, System.Logger logger) {
        this.byPath = sendable.byPath();
        this.byPrefix = sendable.byPrefix();
        this.logger = logger;
    }

    /**
     * What a response names.
     *
     * @param source where it is; null when that is nowhere that was configured
     * @param rest its path below the source, each char one byte
     */
    record Named(String field, @Nullable Source source, String rest) {

        /** Opens it; null when there is no such file. */
        @Nullable
        OpenFile open() {
            if (source == null) {
                return null;
            }
            OpenFile kept = source.files().kept(rest);
            if (kept != null) {
                return kept;
            }
            Path path = NAMES.below(source.root(), rest);
            return path == null ? null : source.files().open(rest, source.root(), path, path.toString(), "");
        }
    }

    /** Takes the field out of a response that names a file; null when it names none. */
    @Nullable
    Named named(Fields fields) {
        String path = byPath.isEmpty() ? null : fields.first(BY_PATH);
        if (path != null) {
            fields.remove(BY_PATH);
            return ofPath(path);
        }
        String address = byPrefix.isEmpty() ? null : fields.first(BY_PREFIX);
        if (address != null) {
            fields.remove(BY_PREFIX);
            return ofAddress(address);
        }
        return null;
    }

    private Named ofPath(String path) {
        for (Source source : byPath) {
            String root = PathText.bytes(source.root());
            if (path.startsWith(root) && path.startsWith("/", root.length())) {
                return new Named(BY_PATH, source, path.substring(root.length()));
            }
        }
        return new Named(BY_PATH, null, "");
    }

    private Named ofAddress(String address) {
        int query = address.indexOf('?');
        String path = PathText.decoded(query < 0 ? address : address.substring(0, query));
        for (Source source : byPrefix) {
            if (path != null && source.holds(path)) {
                return new Named(BY_PREFIX, source, source.rest(path));
            }
        }
        return new Named(BY_PREFIX, null, "");
    }

    /** Says why a response has no file; what was named is the application's secret. */
    void missing(String id, Named named) {
        String why = named.source() == null
                ? "a file in none of the directories of static-sendfile and static-accel"
                : "a file that is not in " + named.source().root() + ", or cannot be read";
        logger.log(System.Logger.Level.WARNING, "request=" + id + " " + named.field() + " names " + why);
    }

    /** Closes what was not asked for of late. */
    void sweep() {
        byPath.forEach(source -> source.files().sweep());
        byPrefix.forEach(source -> source.files().sweep());
    }

    void close() {
        byPath.forEach(source -> source.files().close());
        byPrefix.forEach(source -> source.files().close());
    }
}
