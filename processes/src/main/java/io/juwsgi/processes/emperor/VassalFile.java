package io.juwsgi.processes.emperor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A configuration file at one moment.
 *
 * @param path the file, absolute
 * @param directory where its vassal runs
 * @param modified its time of modification, in nanoseconds
 * @param uid its owner
 * @param gid its group
 */
record VassalFile(Path path, Path directory, long modified, int uid, int gid) {
    /** What follows so many bytes is not compared. */
    private static final int LONGEST = 1 << 20;

    /** Returns what the vassal is called in the log. */
    String name() {
        return path.getFileName().toString();
    }

    /** Returns the option that reads such a file: options are read in their order, files that only stand there after them. */
    String option() {
        String name = name();
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "ini" -> "--ini";
            case "xml" -> "--xml";
            case "yaml", "yml" -> "--yaml";
            case "json", "js" -> "--json";
            case "conf" -> "--conf";
            default -> "--config";
        };
    }

    /** Returns what the file holds now; nothing when it cannot be read, which the vassal itself will tell. */
    byte[] content() {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(LONGEST);
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
