package io.juwsgi.config;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/** Finds the files that a shell pattern names, one folder at a time as glob(3) does. */
public final class Glob {
    private static final int MOST = 10_000;

    private Glob() {}

    /** Returns the matches in order of their names, written as the pattern is; the pattern itself when there are none. */
    public static List<String> expand(Path directory, String pattern) {
        List<String> found = List.of(pattern.startsWith("/") ? "/" : "");
        boolean wild = false;
        for (String part : pattern.split("/+", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            boolean wildPart = part.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
            wild |= wildPart;
            List<String> next = new ArrayList<>();
            for (String prefix : found) {
                if (wildPart) {
                    next.addAll(matches(directory, prefix, part));
                } else if (!wild || Files.exists(directory.resolve(prefix + part))) {
                    next.add(prefix + part + "/");
                }
            }
            found = next.size() > MOST ? next.subList(0, MOST) : next;
        }
        boolean none = !wild || found.isEmpty();
        return none
                ? List.of(pattern)
                : found.stream().map(f -> f.substring(0, f.length() - 1)).toList();
    }

    private static List<String> matches(Path directory, String prefix, String part) {
        Path folder = directory.resolve(prefix);
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, part)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (part.startsWith(".") || !name.startsWith(".")) {
                    names.add(prefix + name + "/");
                }
            }
        } catch (IOException | DirectoryIteratorException | PatternSyntaxException e) {
            return List.of();
        }
        Collections.sort(names);
        return names;
    }
}
