package io.juwsgi.processes.emperor;

import io.juwsgi.config.Glob;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Where configuration files are looked for. Owned by the loop's thread. */
final class Places {
    /** More vassals than any machine bears; this only bounds what a wrong pattern costs. */
    private static final int MOST = 10_000;

    private final EmperorPlan plan;
    private final Path working = Path.of("").toAbsolutePath();
    private final LinkOption[] links;

    Places(EmperorPlan plan) {
        this.plan = plan;
        this.links = plan.followsLinks() ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    }

    /**
     * Returns the files that there are, by path.
     *
     * @throws IOException when a directory cannot be read: then it is not known which files there are
     */
    Map<Path, VassalFile> look() throws IOException {
        Map<Path, VassalFile> found = new TreeMap<>();
        for (String place : plan.places()) {
            Path directory = working.resolve(place).normalize();
            if (Files.isDirectory(directory)) {
                directory(directory, found);
            } else {
                for (String match : Glob.expand(working, place)) {
                    add(working.resolve(match).normalize(), working, found);
                }
            }
        }
        return found;
    }

    private void directory(Path directory, Map<Path, VassalFile> found) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                add(file, directory, found);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException e) {
            // It has gone, and its files with it.
        }
    }

    private void add(Path file, Path directory, Map<Path, VassalFile> found) {
        if (!isConfiguration(file.getFileName().toString()) || found.size() >= MOST) {
            return;
        }
        try {
            Map<String, Object> facts = Files.readAttributes(file, "unix:uid,gid,lastModifiedTime,isDirectory", links);
            if (facts.get("uid") instanceof Integer uid
                    && facts.get("gid") instanceof Integer gid
                    && facts.get("lastModifiedTime") instanceof FileTime time
                    && Boolean.FALSE.equals(facts.get("isDirectory"))) {
                found.put(file, new VassalFile(file, directory, time.to(TimeUnit.NANOSECONDS), uid, gid));
            }
        } catch (IOException removedMeanwhile) {
            // Then it is not there.
        }
    }

    private boolean isConfiguration(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 && plan.extensions().contains(name.substring(dot + 1));
    }
}
