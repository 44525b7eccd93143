package io.juwsgi.plugin.ssl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * What files looked like at some time: equal marks, same files. Immutable.
 *
 * @param marks by path
 */
record FileMarks(Map<Path, String> marks) {

    /** Looks at the files; one that cannot be looked at has a mark too. */
    static FileMarks of(Collection<Path> files) {
        Map<Path, String> marks = new TreeMap<>();
        for (Path file : files) {
            marks.put(file, mark(file));
        }
        return new FileMarks(marks);
    }

    private static String mark(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return found.lastModifiedTime() + " " + found.size() + " " + found.fileKey();
        } catch (IOException e) {
            return "none";
        }
    }
}
