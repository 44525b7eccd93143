package io.juwsgi.plugin.routing.condition;

import io.juwsgi.spi.route.RouteCondition;
import io.juwsgi.spi.route.RouteText;
import io.juwsgi.spi.route.RouteWord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** Conditions about files. They ask the file system on the event loop, where an answer comes from memory. */
final class FileTests {
    private FileTests() {}

    static List<RouteWord<RouteCondition>> words() {
        return List.of(
                word("exists", "there is something of that name", path -> Files.exists(path)),
                word("isfile", "there is an ordinary file of that name", path -> Files.isRegularFile(path)),
                word("isdir", "there is a directory of that name", path -> Files.isDirectory(path)),
                word("islink", "there is a symbolic link of that name", Files::isSymbolicLink),
                word("isexec", "there is something of that name that may be executed", Files::isExecutable));
    }

    private static RouteWord<RouteCondition> word(String name, String doc, Predicate<Path> test) {
        return new RouteWord<>(List.of(name), "FILE", doc, arguments -> {
            RouteText text = arguments.template();
            return exchange -> {
                byte[] bytes = text.of(exchange).getBytes(StandardCharsets.ISO_8859_1);
                try {
                    return test.test(Path.of(new String(bytes, StandardCharsets.UTF_8)));
                } catch (InvalidPathException e) {
                    return false;
                }
            };
        });
    }
}
