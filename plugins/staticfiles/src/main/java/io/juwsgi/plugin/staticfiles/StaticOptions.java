package io.juwsgi.plugin.staticfiles;

import io.juwsgi.config.Option;
import java.util.List;
import java.util.Optional;

/** uWSGI's options for static files. */
final class StaticOptions {
    private static final String AREA = "static";
    private static final String RULE = "PATTERN SECONDS";

    static final Option<List<String>> CHECK = list(
                    "check-static",
                    "DIRECTORY",
                    "answer with the file of a request's path in a directory, where there is one")
            .alias("static-check");
    static final Option<Boolean> CHECK_DOCROOT = Option.flag("check-static-docroot")
            .area(AREA)
            .doc("the same in DOCUMENT_ROOT of a uwsgi request, where static-safe names that directory");
    static final Option<List<String>> MAP =
            list("static-map", "/PREFIX=PATH", "answer below a prefix with the files of a directory, or with one file");
    static final Option<List<String>> MAP2 =
            list("static-map2", "/PREFIX=DIRECTORY", "the same, with the prefix a part of the file's name");
    static final Option<List<String>> SKIP_EXT =
            list("static-skip-ext", "EXTENSION", "leave paths that end so to the application");
    static final Option<List<String>> INDEX = list("static-index", "FILE", "the file that answers for its directory");
    static final Option<List<String>> SAFE = list(
            "static-safe",
            "DIRECTORY",
            "serve what links lead to in this directory, outside the one that is configured");
    static final Option<Integer> CACHE_PATHS = Option.integer("static-cache-paths", 0)
            .placeholder("SECONDS")
            .area(AREA)
            .doc("how long a file that was found is not looked for again; 0: its state is looked at each time");
    static final Option<Optional<String>> CACHE_PATHS_NAME = Option.text("static-cache-paths-name")
            .placeholder("NAME")
            .area(AREA)
            .doc("the cache that uWSGI keeps paths in; here it needs none");
    static final Option<List<String>> MIME_FILE = list(
                    "mimefile",
                    "FILE",
                    "media types by extensions, in the form of /etc/mime.types, before those of that file")
            .alias("mime-file");

    static final Option<List<String>> EXPIRES = expires("", "files' names");
    static final Option<List<String>> EXPIRES_MTIME = sinceChange("", "files' names");
    static final Option<List<String>> EXPIRES_TYPE = expires("-type", "media types, as TYPE=SECONDS");
    static final Option<List<String>> EXPIRES_TYPE_MTIME = sinceChange("-type", "media types, as TYPE=SECONDS");
    static final Option<List<String>> EXPIRES_URI = expires("-uri", "REQUEST_URI");
    static final Option<List<String>> EXPIRES_URI_MTIME = sinceChange("-uri", "REQUEST_URI");
    static final Option<List<String>> EXPIRES_PATH = expires("-path-info", "PATH_INFO");
    static final Option<List<String>> EXPIRES_PATH_MTIME = sinceChange("-path-info", "PATH_INFO");

    static final Option<List<String>> GZIP =
            list("static-gzip", "PATTERN", "send FILE.br, FILE.zst or FILE.gz in place of files whose names match");
    static final Option<Boolean> GZIP_ALL =
            Option.flag("static-gzip-all").area(AREA).doc("the same for all files");
    static final Option<List<String>> GZIP_DIR =
            list("static-gzip-dir", "DIRECTORY", "the same below a directory").alias("static-gzip-prefix");
    static final Option<List<String>> GZIP_EXT = list("static-gzip-ext", "EXTENSION", "the same for names that end so")
            .alias("static-gzip-suffix");
    static final Option<Optional<String>> SERVE_MODE = Option.text("file-serve-mode")
            .alias("fileserve-mode")
            .placeholder("nginx|x-sendfile")
            .area(AREA)
            .doc("let the proxy in front send files: answer with X-Accel-Redirect (nginx) or X-Sendfile");

    private StaticOptions() {}

    private static Option<List<String>> list(String name, String placeholder, String doc) {
        return Option.list(name).placeholder(placeholder).area(AREA).doc(doc);
    }

    private static Option<List<String>> expires(String suffix, String of) {
        return list("static-expires" + suffix, RULE, "seconds until a file expires, by a pattern for " + of);
    }

    private static Option<List<String>> sinceChange(String suffix, String of) {
        return list(
                "static-expires" + suffix + "-mtime",
                RULE,
                "the same, counted from the file's last change, by a pattern for " + of);
    }

    static List<Option<?>> all() {
        return List.of(
                CHECK,
                CHECK_DOCROOT,
                MAP,
                MAP2,
                SKIP_EXT,
                INDEX,
                SAFE,
                CACHE_PATHS,
                CACHE_PATHS_NAME,
                MIME_FILE,
                EXPIRES,
                EXPIRES_MTIME,
                EXPIRES_TYPE,
                EXPIRES_TYPE_MTIME,
                EXPIRES_URI,
                EXPIRES_URI_MTIME,
                EXPIRES_PATH,
                EXPIRES_PATH_MTIME,
                GZIP,
                GZIP_ALL,
                GZIP_DIR,
                GZIP_EXT,
                SERVE_MODE);
    }

    /** Returns the options without which there is nothing to serve. */
    static List<Option<?>> triggers() {
        return List.of(CHECK, CHECK_DOCROOT, MAP, MAP2);
    }
}
