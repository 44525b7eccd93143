package io.juwsgi.plugin.staticfiles;

import java.nio.file.Path;

/**
 * Where files of some paths are.
 *
 * @param point the paths: empty for all, or beginning with a slash and not ending with one
 * @param root the directory, or one file
 * @param keepsPoint whether the point is a part of the files' names
 * @param remote whether they are on another machine, which may be gone
 * @param files what of it is kept open
 */
record Source(String point, Path root, boolean keepsPoint, boolean remote, FileStock files) {

    /** Returns whether a path is the point or below it: {@code /a} holds {@code /a/b} and not {@code /ab}. */
    boolean holds(String path) {
        int length = point.length();
        return path.startsWith(point) && (length == 0 || path.length() == length || path.charAt(length) == '/');
    }

    /** Returns what of a path names the file below the root. */
    String rest(String path) {
        return keepsPoint ? path : path.substring(point.length());
    }
}
