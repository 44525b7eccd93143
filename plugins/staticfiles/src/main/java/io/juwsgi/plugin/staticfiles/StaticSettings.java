package io.juwsgi.plugin.staticfiles;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import java.nio.file.Path;
import java.util.List;

/**
 * What uWSGI has no options for.
 *
 * @param listing whether directories without an index are listed
 * @param dotFiles whether names that begin with a dot are served
 * @param links where links may lead
 * @param openFiles how many files are kept open between requests
 * @param sendfile directories that the application's X-Sendfile may name files in
 * @param accel what the application's X-Accel-Redirect may name, as {@code /PREFIX=DIRECTORY}
 */
@Doc("answer with files; any option for static files turns it on")
record StaticSettings(
        @Doc("list directories that have no index, as python -m http.server does")
        boolean listing,

        @Doc("serve names that begin with a dot, too; .well-known always is")
        boolean dotFiles,

        @Default("inside") @Doc("where symbolic links may lead: inside the directory (and static-safe), or off")
        Links links,

        @Default("512") @Doc("how many files are kept open, or in memory when they are small, between requests")
        int openFiles,

        @Doc("a directory that X-Sendfile of the application may name files in")
        List<Path> sendfile,

        @Doc("files that X-Accel-Redirect of the application may name: /PREFIX=DIRECTORY")
        List<String> accel) {

    /** Where links may lead. */
    enum Links {
        INSIDE,
        OFF
    }

    StaticSettings {
        if (openFiles < 0) {
            throw new IllegalArgumentException("openFiles: " + openFiles + " (expected: 0 or more)");
        }
        for (String text : accel) {
            if (!text.startsWith("/") || text.indexOf('=') < 0) {
                throw new IllegalArgumentException("accel: " + text + " (expected: /PREFIX=DIRECTORY)");
            }
        }
    }
}
