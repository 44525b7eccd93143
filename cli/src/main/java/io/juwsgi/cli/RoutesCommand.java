package io.juwsgi.cli;

import io.juwsgi.cli.plugin.ChainListing;
import io.juwsgi.cli.plugin.PluginRegistry;
import io.juwsgi.config.Settings;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code juwsgi routes [--explain] [URL] [OPTIONS]}: which filters requests pass, what these are set to do, and what they would do
 * with one request; {@code --words}: what routes can be written with.
 */
final class RoutesCommand {
    private static final String EXPLAIN = "--explain";
    private static final String WORDS = "--words";

    private final boolean explain;
    private final boolean words;
    private final @Nullable AskedRequest request;
    private final List<String> options;

    private RoutesCommand(boolean explain, boolean words, @Nullable AskedRequest request, List<String> options) {
        this.explain = explain;
        this.words = words;
        this.request = request;
        this.options = options;
    }

    /** Reads the command's own arguments; the others are options of the server. */
    static RoutesCommand of(List<String> args) {
        List<String> options = new ArrayList<>(args);
        boolean explain = options.remove(EXPLAIN);
        boolean words = options.remove(WORDS);
        AskedRequest request = null;
        if (!options.isEmpty() && isUrl(options.getFirst())) {
            request = AskedRequest.of(options.removeFirst());
        }
        return new RoutesCommand(explain, words, request, options);
    }

    /** A file may stand in the same place. */
    private static boolean isUrl(String argument) {
        return argument.startsWith("http://")
                || argument.startsWith("https://")
                || (argument.startsWith("/") && !Files.exists(Path.of(argument)));
    }

    /** Returns the options of the server. */
    List<String> options() {
        return options;
    }

    int print(PluginRegistry plugins, Settings settings, PrintStream out) {
        if (words) {
            out.print(RouteWordsPage.markdown(plugins.routeWords()));
        } else {
            ChainListing.lines(plugins, settings, explain, request).forEach(out::println);
        }
        out.flush();
        return 0;
    }
}
