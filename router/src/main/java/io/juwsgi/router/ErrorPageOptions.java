package io.juwsgi.router;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import io.juwsgi.router.exchange.ErrorPages;
import io.juwsgi.router.exchange.ErrorPages.Page;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options for pages of failures, and the reading of these: at the start and at reloads, never for a request. */
final class ErrorPageOptions {
    private static final System.Logger LOG = System.getLogger(ErrorPageOptions.class.getName());

    static final Option<List<String>> ERROR_PAGE = Option.list("error-page")
            .placeholder("STATUS[-STATUS]=FILE")
            .area("http")
            .doc("page for failures of the server itself, such as 502-504=/srv/50x.html");
    static final Option<List<String>> ERROR_PAGE_403 = ofUwsgi(403);
    static final Option<List<String>> ERROR_PAGE_404 = ofUwsgi(404);
    static final Option<List<String>> ERROR_PAGE_500 = ofUwsgi(500);

    private static final Pattern ENTRY = Pattern.compile("([45][0-9]{2})(?:-([45][0-9]{2}))?=(.+)");

    /** A page is sent from memory. */
    private static final int LARGEST = 1 << 20;

    private ErrorPageOptions() {}

    private static Option<List<String>> ofUwsgi(int status) {
        return Option.list("error-page-" + status)
                .placeholder("FILE")
                .area("http")
                .doc("page for " + status + "; of several the first that can be read");
    }

    static List<Option<?>> all() {
        return List.of(ERROR_PAGE, ERROR_PAGE_403, ERROR_PAGE_404, ERROR_PAGE_500);
    }

    /**
     * Reads the pages.
     *
     * @throws ConfigException when one of {@code error-page} is wrong or cannot be read
     */
    static ErrorPages read(Settings settings) {
        Map<Integer, Page> pages = new HashMap<>();
        first(settings, ERROR_PAGE_403, 403, pages);
        first(settings, ERROR_PAGE_404, 404, pages);
        first(settings, ERROR_PAGE_500, 500, pages);
        pages.putAll(named(settings));
        return pages.isEmpty() ? ErrorPages.PLAIN : new ErrorPages(pages);
    }

    /**
     * Looks whether they could be read.
     *
     * @throws ConfigException when one of {@code error-page} is wrong or cannot be read
     */
    static void check(Settings settings) {
        var _ = named(settings);
    }

    private static Map<Integer, Page> named(Settings settings) {
        Map<Integer, Page> pages = new HashMap<>();
        List<String> failures = new ArrayList<>();
        for (Setting setting : settings.of(ERROR_PAGE)) {
            try {
                add(setting, pages);
            } catch (ConfigException e) {
                failures.add(String.valueOf(e.getMessage()));
            }
        }
        if (!failures.isEmpty()) {
            throw new ConfigException(String.join("\n", failures));
        }
        return pages;
    }

    private static void add(Setting setting, Map<Integer, Page> pages) {
        Matcher entry = ENTRY.matcher(setting.value());
        String last = entry.matches() ? entry.group(2) == null ? entry.group(1) : entry.group(2) : "";
        if (last.isEmpty() || last.compareTo(entry.group(1)) < 0) {
            throw new ConfigException(setting.origin() + ": error-page = " + setting.value()
                    + " (expected: STATUS=FILE or STATUS-STATUS=FILE, of 400 to 599)");
        }
        try {
            Page page = page(entry.group(3));
            for (int status = Integer.parseInt(entry.group(1)); status <= Integer.parseInt(last); status++) {
                pages.put(status, page);
            }
        } catch (IOException e) {
            throw new ConfigException(setting.origin() + ": error-page = " + setting.value() + ": " + e.getMessage());
        }
    }

    /** As uWSGI does, which goes on without a page when there is none. */
    private static void first(Settings settings, Option<List<String>> option, int status, Map<Integer, Page> pages) {
        for (Setting setting : settings.of(option)) {
            try {
                pages.put(status, page(setting.value()));
                return;
            } catch (IOException e) {
                LOG.log(
                        Level.WARNING,
                        "{0}: {1} = {2}: {3}",
                        setting.origin(),
                        option.name(),
                        setting.value(),
                        e.getMessage());
            }
        }
    }

    private static Page page(String name) throws IOException {
        try {
            Path file = Path.of(name);
            // A pipe would be waited for, and a device may have no end.
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new IOException("is no file");
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(LARGEST + 1);
                if (bytes.length > LARGEST) {
                    throw new IOException("is larger than " + LARGEST + " bytes");
                }
                return new Page(type(name), bytes);
            }
        } catch (NoSuchFileException e) {
            throw new IOException("no such file", e);
        } catch (InvalidPathException e) {
            throw new IOException("no name of a file", e);
        }
    }

    private static String type(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (ending) {
            case "txt" -> "text/plain; charset=utf-8";
            case "json" -> "application/json";
            default -> "text/html; charset=utf-8";
        };
    }
}
