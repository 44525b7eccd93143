package io.juwsgi.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Executable;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A plugin that was compiled against the SPI goes on to work: whatever {@code spi-signatures.txt} has is still there, and what
 * plugins implement asks for no more. Additions are free. When a break is meant, the SPI's version goes up and the file is
 * written anew: {@code ./mvnw -pl plugins/spi -am test -Dtest=SpiSignatureTest -Dspi.signatures=write -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class SpiSignatureTest {
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path FILE = Path.of("src/test/resources/spi-signatures.txt");

    /** Interfaces that the server implements and plugins only call: a new method breaks nobody. */
    private static final Set<String> OF_THE_SERVER = Set.of(
            "io.juwsgi.spi.Extensions",
            "io.juwsgi.spi.LogSink",
            "io.juwsgi.spi.exchange.BlockingExchange",
            "io.juwsgi.spi.exchange.Exchange",
            "io.juwsgi.spi.exchange.Request",
            "io.juwsgi.spi.exchange.RequestBody",
            "io.juwsgi.spi.exchange.ResponseSink",
            "io.juwsgi.spi.extension.Context",
            "io.juwsgi.spi.front.FrontAnswer",
            "io.juwsgi.spi.front.FrontConnection",
            "io.juwsgi.spi.metric.MetricSink",
            "io.juwsgi.spi.worker.WorkerCall",
            "io.juwsgi.spi.worker.WorkerEndpoint",
            "io.juwsgi.spi.worker.WorkerGroup");

    @Test
    void whatWasThereIsThereStill() throws Exception {
        Set<String> now = signatures();
        if ("write".equals(System.getProperty("spi.signatures"))) {
            Files.write(FILE, now);
        }
        List<String> before = Files.readAllLines(FILE);
        assertThat(now).as("the SPI as plugins were compiled against it").containsAll(before);
        assertThat(now.stream().filter(line -> !before.contains(line) && breaksImplementors(line, before)))
                .as("new methods that plugins would have to implement (expected: default)")
                .isEmpty();
    }

    private static boolean breaksImplementors(String line, Collection<String> before) {
        String type = line.substring(0, line.indexOf(' '));
        return line.contains(" abstract ")
                && before.stream().anyMatch(known -> known.startsWith(type + " "))
                && !OF_THE_SERVER.contains(type);
    }

    private static Set<String> signatures() throws Exception {
        Set<String> lines = new TreeSet<>();
        for (Class<?> type : types()) {
            lines.add(type.getName() + " " + type.toGenericString());
            members(type).stream()
                    .filter(member -> isVisible(member.getModifiers()) && !member.isSynthetic())
                    .forEach(member -> lines.add(type.getName() + " " + text(member)));
        }
        return lines;
    }

    private static List<Class<?>> types() throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            return files.map(file -> CLASSES.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                    .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
                    .<Class<?>>map(SpiSignatureTest::load)
                    .filter(type -> isVisible(type.getModifiers()))
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, SpiSignatureTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Member> members(Class<?> type) {
        List<Member> all = new ArrayList<>();
        all.addAll(List.of(type.getDeclaredConstructors()));
        all.addAll(List.of(type.getDeclaredMethods()));
        all.addAll(List.of(type.getDeclaredFields()));
        return all;
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String text(Member member) {
        AccessibleObject object = (AccessibleObject) member;
        String text = object instanceof Executable executable ? executable.toGenericString() : object.toString();
        return object instanceof Method method && method.isDefault()
                ? text.replace("public default ", "public ")
                : text;
    }
}
