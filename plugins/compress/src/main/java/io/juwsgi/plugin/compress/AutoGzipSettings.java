package io.juwsgi.plugin.compress;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;

/**
 * How uWSGI's {@code http-auto-gzip} compresses.
 *
 * @param level 1 to 9
 */
@Doc("compress what the application marks with uWSGI-Encoding: gzip; http-auto-gzip turns it on")
record AutoGzipSettings(
        @Default("5") @Doc("how hard gzip tries, 1 to 9") int level) {

    AutoGzipSettings {
        if (level < 1 || level > 9) {
            throw new IllegalArgumentException("level: " + level + " (expected: 1 to 9)");
        }
    }
}
