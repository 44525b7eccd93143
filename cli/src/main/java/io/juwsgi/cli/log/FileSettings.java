package io.juwsgi.cli.log;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.config.typed.ByteSize;
import io.juwsgi.master.EnvironmentOptions;
import io.juwsgi.spi.log.LogType;
import io.juwsgi.spi.log.Logger;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /** Returns the loggers that need nothing but a file. */
    static List<LogType<Logger>> loggers(Settings settings) {
        return List.of(
                new LogType<>("file", "FILE", argument -> logger(settings, argument)),
                new LogType<>("fd", "NUMBER", number -> logger(settings, "/proc/self/fd/" + number)),
                new LogType<>("stdio", "", nothing -> new StreamLogger(new FileOutputStream(FileDescriptor.err))));
    }

    /** A path, or {@code logfile=PATH,maxsize=BYTES,backupname=NAME}. */
    private static Logger logger(Settings settings, String argument) {
        if (argument.contains("logfile=")) {
            Map<String, String> parts = Stream.of(argument.split(","))
                    .map(part -> part.split("=", 2))
                    .filter(pair -> pair.length == 2)
                    .collect(Collectors.toMap(pair -> pair[0].strip(), pair -> pair[1], (first, second) -> second));
            FileSettings base = of(settings, Path.of(parts.getOrDefault("logfile", "")));
            long maxSize = parts.containsKey("maxsize") ? size(parts.getOrDefault("maxsize", "")) : base.maxSize();
            Optional<String> backup =
                    Optional.ofNullable(parts.get("backupname")).or(base::backupName);
            return new FileLogger(new FileSettings(
                    base.path(), base.truncate(), maxSize, backup, base.mode(), base.user(), base.group()));
        }
        return switch (argument) {
            case "" -> throw new IllegalArgumentException("file: nothing (expected: a path)");
            case "/dev/stderr", "/proc/self/fd/2" -> new StreamLogger(new FileOutputStream(FileDescriptor.err));
            case "/dev/stdout", "/proc/self/fd/1" -> new StreamLogger(new FileOutputStream(FileDescriptor.out));
            default -> new FileLogger(of(settings, Path.of(argument)));
        };
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
