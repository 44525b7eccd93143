package io.juwsgi.cli.log;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.config.typed.ByteSize;
import io.juwsgi.master.EnvironmentOptions;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a log file is kept.
 *
 * @param path the file
 * @param truncate whether it is emptied at start
 * @param maxSize the size in bytes at which it is put aside, 0 for never
 * @param backupName what it is renamed to; its name with the time, when empty
 * @param mode its permissions, when they are not to be what the umask makes of them
 * @param user whom it belongs to, when not the server
 * @param group which group it belongs to, when not the server's
 */
record FileSettings(
        Path path,
        boolean truncate,
        long maxSize,
        Optional<String> backupName,
        Optional<Set<PosixFilePermission>> mode,
        Optional<String> user,
        Optional<String> group) {

    /** The bits of an octal mode, the lowest first. */
    private static final List<PosixFilePermission> MODE_BITS =
            List.of(PosixFilePermission.values()).reversed();

    /**
     * Returns what the settings ask for of a log file.
     *
     * @throws ConfigException when a size or a mode is none
     */
    static FileSettings of(Settings settings, Path path) {
        boolean chown = settings.get(LogOptions.LOGFILE_CHOWN);
        return new FileSettings(
                path,
                settings.get(LogOptions.LOG_TRUNCATE),
                settings.get(LogOptions.LOG_MAXSIZE).map(FileSettings::size).orElse(0L),
                settings.get(LogOptions.LOG_BACKUPNAME).filter(name -> !name.isEmpty()),
                settings.get(LogOptions.LOGFILE_CHMOD).map(FileSettings::mode),
                settings.get(EnvironmentOptions.UID).filter(user -> chown),
                settings.get(EnvironmentOptions.GID).filter(group -> chown));
    }

    private static long size(String text) {
        try {
            return ByteSize.parse(text).bytes();
        } catch (IllegalArgumentException e) {
            throw new ConfigException("log-maxsize: " + text + " (expected: such as 10485760 or 10m)");
        }
    }

    private static Set<PosixFilePermission> mode(String text) {
        if (!text.matches("0?[0-7]{3}")) {
            throw new ConfigException("logfile-chmod: " + text + " (expected: an octal mode such as 640)");
        }
        int bits = Integer.parseInt(text, 8);
        Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < MODE_BITS.size(); i++) {
            if ((bits >> i & 1) != 0) {
                mode.add(MODE_BITS.get(i));
            }
        }
        return mode;
    }

    /** Returns what the file is renamed to now. */
    Path backup() {
        if (backupName.isPresent()) {
            return Path.of(backupName.get());
        }
        long second = System.currentTimeMillis() / 1000;
        Path name = withSecond(second);
        // Put aside twice in a second, nothing is written over.
        while (Files.exists(name)) {
            name = withSecond(++second);
        }
        return name;
    }

    private Path withSecond(long second) {
        return Path.of(path + "." + second);
    }

    /** Gives the file its permissions and its owner; never those of a file that a link leads to. */
    void own() throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (mode.isPresent()) {
            view.setPermissions(mode.get());
        }
        UserPrincipalLookupService names = FileSystems.getDefault().getUserPrincipalLookupService();
        if (user.isPresent()) {
            view.setOwner(names.lookupPrincipalByName(user.get()));
        }
        if (group.isPresent()) {
            view.setGroup(names.lookupPrincipalByGroupName(group.get()));
        }
    }
}
