package io.juwsgi.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.File;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The text of a HOCON file, parsed with what it includes: other files only, within limits. The library's own includer reads what is as
 * large as it likes, as often as it likes, from wherever it likes.
 *
 * @param text what is in the file
 * @param path its absolute path
 * @param shown the file as the user named it
 * @param surroundings what it is read in
 */
record HoconSource(String text, Path path, String shown, Surroundings surroundings) {
    private static final int MOST_INCLUDES = 256;

    /** Returns the object that the file holds, with its substitutions as they are written. */
    ConfigObject parse() {
        return parse(new AtomicInteger(), 0);
    }

    private ConfigObject parse(AtomicInteger included, int depth) {
        ConfigParseOptions options = ConfigParseOptions.defaults()
                .setSyntax(shown.endsWith(".properties") ? ConfigSyntax.PROPERTIES : ConfigSyntax.CONF)
                .setOriginDescription(shown)
                .setIncluder(new Includes(this, included, depth));
        return ConfigFactory.parseString(text, options).root();
    }

    /**
     * Reads what one file includes.
     *
     * @param from the file
     * @param included how many files have been included so far, everywhere
     * @param depth how many files include this one, one within the other
     */
    private record Includes(HoconSource from, AtomicInteger included, int depth)
            implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
        @Override
        public ConfigIncluder withFallback(ConfigIncluder fallback) {
            return this;
        }

        @Override
        public ConfigObject include(ConfigIncludeContext context, String what) {
            if (Schemes.isScheme(what)) {
                throw refused("url(" + what + ")");
            }
            return file(context, what, List.of(what, what + ".conf", what + ".json"));
        }

        @Override
        public ConfigObject includeFile(ConfigIncludeContext context, File what) {
            return file(context, what.toString(), List.of(what.toString()));
        }

        @Override
        public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
            throw refused("url(" + what + ")");
        }

        @Override
        public ConfigObject includeResources(ConfigIncludeContext context, String what) {
            throw refused("classpath(" + what + ")");
        }

        private ConfigException refused(String what) {
            return wrong("include " + what + " (expected: a file)");
        }

        private ConfigException wrong(String what) {
            return new ConfigException(from.shown() + ": " + what);
        }

        private ConfigObject file(ConfigIncludeContext context, String what, List<String> names) {
            Optional<String> found =
                    names.stream().filter(name -> Files.exists(resolve(name))).findFirst();
            if (found.isEmpty() && context.parseOptions().getAllowMissing()) {
                return ConfigFactory.empty().root();
            }
            if (found.isEmpty()) {
                throw wrong("include required(" + what + "): no such configuration file");
            }
            if (included.incrementAndGet() > MOST_INCLUDES || depth >= ConfigFiles.DEEPEST) {
                throw wrong("include " + what + ": more than " + MOST_INCLUDES + " includes, or more than "
                        + ConfigFiles.DEEPEST + " one within the other (does a file include itself?)");
            }
            Path path = resolve(found.get());
            String shown = beside(found.get());
            String text = SourceText.read(
                    path,
                    shown,
                    new Origin(from.shown(), 0),
                    from.surroundings().patience());
            return new HoconSource(text, path, shown, from.surroundings()).parse(included, depth + 1);
        }

        private Path resolve(String name) {
            try {
                return from.path().resolveSibling(name);
            } catch (InvalidPathException e) {
                throw wrong("include " + name + ": not a file name");
            }
        }

        /** Returns the name of a file beside this one as the user would write it. */
        private String beside(String name) {
            @Nullable Path parent = Path.of(from.shown()).getParent();
            return parent == null ? name : parent.resolve(name).toString();
        }
    }
}
