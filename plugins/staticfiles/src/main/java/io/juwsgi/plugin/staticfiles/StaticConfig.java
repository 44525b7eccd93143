package io.juwsgi.plugin.staticfiles;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import io.juwsgi.spi.extension.Context;
import io.juwsgi.spi.http.MediaTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was configured, checked.
 *
 * @param sources where files are looked for, in this order
 * @param sendable where X-Sendfile and X-Accel-Redirect may name files
 * @param documentRoots where a uwsgi request's DOCUMENT_ROOT counts; null: nowhere
 * @param skipped ends of paths that are the application's
 * @param handover the field by which a proxy in front is told to send the file; null: files are sent here
 */
record StaticConfig(
        List<Source> sources,
        Sendable sendable,
        @Nullable DocumentRoots documentRoots,
        List<String> skipped,
        Names names,
        List<String> indexes,
        boolean listing,
        ExpiryRules expiry,
        @Nullable String handover) {

    /** Makes sources, whose files all follow the same rules. */
    private record Maker(RemoteMounts mounts, SafeOpen opener, FileStock.Rules rules, int limit, Duration trust) {
        Source source(String point, Path root, boolean keepsPoint) {
            boolean remote = mounts.hold(root);
            FileStock files = new FileStock(opener, rules, limit, trust, remote);
            return new Source(point, root, keepsPoint, remote, files);
        }
    }

    /**
     * Where the application may name files.
     *
     * @param byPath for X-Sendfile, absolute names
     * @param byPrefix for X-Accel-Redirect
     */
    record Sendable(List<Source> byPath, List<Source> byPrefix) {
        boolean isEmpty() {
            return byPath.isEmpty() && byPrefix.isEmpty();
        }
    }

    boolean servesNothing() {
        return sources.isEmpty() && sendable.isEmpty() && documentRoots == null;
    }

    /**
     * Reads the settings.
     *
     * @throws ConfigException when one of them is wrong
     */
    static StaticConfig of(StaticSettings own, Context context) {
        Settings settings = context.settings();
        List<Path> safe = paths(settings, StaticOptions.SAFE);
        SafeOpen opener = new SafeOpen(safe, own.links() == StaticSettings.Links.INSIDE, context.logger());
        ExpiryRules expiry = ExpiryRules.of(settings);
        FileStock.Rules rules = new FileStock.Rules(types(settings), expiry, PrecompressedRules.of(settings));
        Duration trust = Duration.ofSeconds(Math.max(0, settings.get(StaticOptions.CACHE_PATHS)));
        Maker maker = new Maker(RemoteMounts.ofSystem(), opener, rules, own.openFiles(), trust);
        return new StaticConfig(
                sources(settings, maker),
                sendable(own, maker),
                settings.get(StaticOptions.CHECK_DOCROOT) ? documentRoots(safe, maker) : null,
                settings.get(StaticOptions.SKIP_EXT),
                new Names(own.dotFiles()),
                settings.get(StaticOptions.INDEX),
                own.listing(),
                expiry,
                handover(settings));
    }

    /** In uWSGI's order: directories for every path, then those with a prefix. */
    private static List<Source> sources(Settings settings, Maker maker) {
        List<Source> sources = new ArrayList<>();
        for (Path directory : paths(settings, StaticOptions.CHECK)) {
            sources.add(maker.source("", directory, true));
        }
        for (String text : settings.get(StaticOptions.MAP)) {
            sources.add(mapped(StaticOptions.MAP.name(), text, false, maker));
        }
        for (String text : settings.get(StaticOptions.MAP2)) {
            sources.add(mapped(StaticOptions.MAP2.name(), text, true, maker));
        }
        return List.copyOf(sources);
    }

    private static Source mapped(String option, String text, boolean keepsPoint, Maker maker) {
        int equals = text.indexOf('=');
        if (equals < 0 || equals == text.length() - 1) {
            throw new ConfigException(option + ": " + text + " (expected: /PREFIX=DIRECTORY)");
        }
        String given = text.substring(0, equals).strip();
        String point = given.isEmpty() || given.startsWith("/") ? given : "/" + given;
        while (point.endsWith("/")) {
            point = point.substring(0, point.length() - 1);
        }
        return maker.source(point, absolute(text.substring(equals + 1).strip()), keepsPoint);
    }

    private static DocumentRoots documentRoots(List<Path> safe, Maker maker) {
        if (safe.isEmpty()) {
            throw new ConfigException("check-static-docroot: DOCUMENT_ROOT comes with the request"
                    + " (expected: static-safe beside it, with the directories that it may name)");
        }
        return new DocumentRoots(safe, root -> maker.source("", root, true));
    }

    private static Sendable sendable(StaticSettings own, Maker maker) {
        return new Sendable(
                own.sendfile().stream()
                        .map(path -> maker.source("", path.toAbsolutePath().normalize(), true))
                        .toList(),
                own.accel().stream()
                        .map(text -> mapped("static-accel", text, false, maker))
                        .toList());
    }

    private static List<Path> paths(Settings settings, Option<List<String>> option) {
        return settings.get(option).stream().map(StaticConfig::absolute).toList();
    }

    private static Path absolute(String text) {
        return Path.of(text).toAbsolutePath().normalize();
    }

    private static MediaTypes types(Settings settings) {
        MediaTypes types = MediaTypes.system();
        for (String file : settings.get(StaticOptions.MIME_FILE)) {
            try {
                types = types.with(Path.of(file));
            } catch (IOException e) {
                throw new ConfigException(
                        "mimefile: " + file + " cannot be read (expected: lines as TYPE EXTENSION...)");
            }
        }
        return types;
    }

    private static @Nullable String handover(Settings settings) {
        String mode = settings.get(StaticOptions.SERVE_MODE).orElse("");
        return switch (mode.toLowerCase(Locale.ROOT)) {
            case "" -> null;
            case "nginx", "x-accel-redirect" -> "X-Accel-Redirect";
            case "x-sendfile", "sendfile", "apache", "lighttpd" -> "X-Sendfile";
            default ->
                throw new ConfigException(
                        "file-serve-mode: " + mode + " (expected: nginx, x-accel-redirect or x-sendfile)");
        };
    }
}
