package io.juwsgi.plugin.staticfiles;

import io.juwsgi.spi.http.AcceptedCodings;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds what answers a path: the first source that has something. It looks at files, which may take its time. Any thread
 * may use it.
 */
final class Lookup {
    private final Names names;
    private final List<String> indexes;
    private final boolean listing;

    Lookup(Names names, List<String> indexes, boolean listing) {
        this.names = names;
        this.indexes = indexes;
        this.listing = listing;
    }

    /** What was found. */
    sealed interface Found {

        /** Gives back what will not be sent. */
        default void release() {}

        /**
         * A file, in use once.
         *
         * @param coding how it is compressed; null when it is not
         * @param varies whether other clients may get it in another coding
         */
        record Sendable(OpenFile file, @Nullable String coding, boolean varies) implements Found {
            @Override
            public void release() {
                file.release();
            }
        }

        /** A directory that is to be asked for with a slash at its end. */
        record NeedsSlash() implements Found {}

        /** A directory that is to be listed. */
        record Listable(Path directory, Source source) implements Found {}
    }

    /**
     * Looks in one source.
     *
     * @param path the path of the request, which the source holds
     * @param accepts the Accept-Encoding of the request
     * @return null when there is nothing
     */
    @Nullable
    Found in(Source source, String path, @Nullable String accepts) {
        OpenFile kept = source.files().kept(path);
        if (kept != null) {
            return chosen(source, path, kept, accepts);
        }
        Path asked = names.below(source.root(), source.rest(path));
        BasicFileAttributes facts = asked == null ? null : FileFacts.of(asked);
        if (asked == null || facts == null) {
            return null;
        }
        if (facts.isDirectory()) {
            return directory(source, path, asked, accepts);
        }
        return facts.isRegularFile() && !path.endsWith("/") ? file(source, path, asked, accepts) : null;
    }

    private @Nullable Found file(Source source, String key, Path asked, @Nullable String accepts) {
        OpenFile file = source.files().open(key, source.root(), asked, asked.toString(), "");
        return file == null ? null : chosen(source, key, file, accepts);
    }

    private Found chosen(Source source, String key, OpenFile plain, @Nullable String accepts) {
        if (!plain.traits().precompressed()) {
            return new Found.Sendable(plain, null, false);
        }
        List<String> left = PrecompressedRules.NAMES;
        for (String coding = AcceptedCodings.best(accepts, left);
                coding != null;
                coding = AcceptedCodings.best(accepts, left)) {
            OpenFile compressed = compressed(source, key, plain, coding);
            if (compressed != null) {
                plain.release();
                return new Found.Sendable(compressed, coding, true);
            }
            String missing = coding;
            left = left.stream().filter(other -> !other.equals(missing)).toList();
        }
        return new Found.Sendable(plain, null, true);
    }

    private static @Nullable OpenFile compressed(Source source, String key, OpenFile plain, String coding) {
        // A name that no request has.
        String own = key + '\0' + coding;
        OpenFile kept = source.files().kept(own);
        if (kept != null) {
            return kept;
        }
        String name = plain.asked().toString();
        Path beside = Path.of(name + PrecompressedRules.ending(coding));
        return FileFacts.of(beside) == null
                ? null
                : source.files().open(own, source.root(), beside, name, "-" + coding);
    }

    private @Nullable Found directory(Source source, String path, Path asked, @Nullable String accepts) {
        // A uwsgi request may have no path at all.
        boolean slash = path.isEmpty() || path.endsWith("/");
        String base = path.endsWith("/") ? path : path + "/";
        for (String index : indexes) {
            Path file = asked.resolve(index);
            BasicFileAttributes facts = FileFacts.of(file);
            if (facts != null && facts.isRegularFile()) {
                OpenFile kept = slash ? source.files().kept(base + index) : null;
                Found found = !slash
                        ? new Found.NeedsSlash()
                        : kept != null
                                ? chosen(source, base + index, kept, accepts)
                                : file(source, base + index, file, accepts);
                if (found != null) {
                    return found;
                }
            }
        }
        if (!listing) {
            return null;
        }
        return slash ? new Found.Listable(asked, source) : new Found.NeedsSlash();
    }
}
