package io.juwsgi.plugin.staticfiles;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which directories belong to another machine. It is read from the list of mounts: to ask a file system whose machine is gone
 * would wait for ever.
 *
 * @param mounts where which type of file system is mounted, in the order of mounting
 */
record RemoteMounts(List<Mount> mounts) {
    private static final Path LIST = Path.of("/proc/self/mounts");
    private static final Set<String> TYPES = Set.of(
            "nfs",
            "nfs4",
            "cifs",
            "smb3",
            "smbfs",
            "9p",
            "afs",
            "ceph",
            "glusterfs",
            "lustre",
            "beegfs",
            "ocfs2",
            "gfs2",
            "coda");

    /** A mounted file system. */
    record Mount(Path at, String type) {
        boolean isRemote() {
            return TYPES.contains(type) || type.startsWith("fuse.");
        }
    }

    /** Returns the mounts of this system; none where it has no list of them. */
    static RemoteMounts ofSystem() {
        try {
            return parse(Files.readAllLines(LIST, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return new RemoteMounts(List.of());
        }
    }

    static RemoteMounts parse(List<String> lines) {
        List<Mount> mounts = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.split(" ", 4);
            if (words.length == 4) {
                mounts.add(new Mount(Path.of(unescaped(words[1])), words[2]));
            }
        }
        return new RemoteMounts(List.copyOf(mounts));
    }

    private static String unescaped(String text) {
        return text.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }

    /** Returns whether a directory is on another machine, as far as its name tells. */
    boolean hold(Path directory) {
        Mount found = null;
        for (Mount mount : mounts) {
            // The last one of those that are mounted at the same place is on top.
            if (directory.startsWith(mount.at())
                    && (found == null || mount.at().getNameCount() >= found.at().getNameCount())) {
                found = mount;
            }
        }
        return found != null && found.isRemote();
    }
}
