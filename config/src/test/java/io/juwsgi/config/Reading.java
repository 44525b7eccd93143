package io.juwsgi.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A working directory with files, an environment and a registry like that of the whole program, for tests of the reader. */
final class Reading {
    static final Option<Integer> PROCESSES =
            Option.integer("processes", 1).shortName('p').alias("workers").area("process");
    static final Option<Integer> THREADS = Option.integer("threads", 1).area("process");
    static final Option<Long> LIMIT = Option.size("limit-post", 0).area("limits");
    static final Option<Boolean> MASTER = Option.flag("master").shortName('M').area("process");
    static final Option<Boolean> QUIET =
            Option.flag("disable-logging").shortName('L').area("logging");
    static final Option<List<String>> HTTP =
            Option.list("http").placeholder("ADDRESS").area("http");
    static final Option<Integer> KEEPALIVE =
            Option.integer("http-keepalive", 75).optionalArgument().area("http");
    static final Option<java.util.Optional<String>> CHMOD = Option.text("chmod-socket")
            .shortName('C')
            .alias("chmod")
            .optionalArgument()
            .placeholder("MODE");
    static final Option<java.util.Optional<String>> CHDIR = Option.text("chdir");
    static final Option<java.util.Optional<String>> PROCNAME = Option.text("procname");
    static final Option<java.util.Optional<String>> WSGI_FILE =
            Option.text("wsgi-file").alias("file");
    static final Option<java.util.Optional<String>> MODULE =
            Option.text("module").shortName('w').alias("wsgi");
    static final Option<List<String>> ENV = Option.list("env");
    static final Option<Boolean> VACUUM = Option.flag("vacuum").doc("remove sockets and the pid file on exit");

    final Path directory;
    final OptionRegistry registry = new OptionRegistry();
    final Map<String, String> environment = new LinkedHashMap<>();

    Reading(Path directory) {
        this.directory = directory;
        registry.add(
                "core",
                List.of(PROCESSES, THREADS, MASTER, QUIET, HTTP, KEEPALIVE, CHMOD, CHDIR, PROCNAME, VACUUM, LIMIT));
        registry.add("python", List.of(WSGI_FILE, MODULE, ENV));
    }

    Reading file(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    Reading variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Configuration read(String... argv) {
        return new ConfigReader(registry, directory, environment).read(List.of(argv));
    }

    /** Reads and returns everything that was assigned, as {@code key = value}. */
    List<String> assigned(String... argv) {
        return read(argv).assignments().stream()
                .map(a -> a.key() + " = " + a.value())
                .toList();
    }
}
