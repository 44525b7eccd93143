package io.juwsgi.plugin.compress;

import io.juwsgi.config.typed.ByteSize;
import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import java.util.List;

/**
 * What is compressed, and how.
 *
 * @param types media types; {@code text/*} is all of a kind; empty for the usual ones
 * @param minSize what is smaller stays as it is
 * @param codings the codings, the one that is taken first of equal ones first; empty for all
 * @param gzipLevel 1 to 9
 * @param brotliLevel 0 to 11
 * @param zstdLevel 1 to 19
 */
@Doc("compress responses with what the client takes of zstd, brotli and gzip")
record CompressSettings(
        @Doc("compress this media type, such as application/json or text/*, in place of the usual ones")
        List<String> types,

        @Default("1k") @Doc("leave responses as they are that are smaller")
        ByteSize minSize,

        @Doc("use this coding (zstd, br, gzip); the first one that a client likes as much as others is taken")
        List<String> codings,

        @Default("5") @Doc("how hard gzip tries, 1 to 9") int gzipLevel,
        @Default("4") @Doc("how hard brotli tries, 0 to 11") int brotliLevel,
        @Default("3") @Doc("how hard zstd tries, 1 to 19") int zstdLevel) {

    CompressSettings {
        for (String coding : codings) {
            if (!Codings.NAMES.contains(coding)) {
                throw new IllegalArgumentException("codings: " + coding + " (expected: zstd, br or gzip)");
            }
        }
        for (String type : types) {
            if (type.indexOf('/') < 1) {
                throw new IllegalArgumentException("types: " + type + " (expected: a type such as text/css or text/*)");
            }
        }
        check("gzipLevel", gzipLevel, 1, 9);
        check("brotliLevel", brotliLevel, 0, 11);
        check("zstdLevel", zstdLevel, 1, 19);
    }

    private static void check(String component, int level, int from, int to) {
        if (level < from || level > to) {
            throw new IllegalArgumentException(component + ": " + level + " (expected: " + from + " to " + to + ")");
        }
    }
}
