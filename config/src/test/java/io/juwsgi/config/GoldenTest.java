package io.juwsgi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Configuration in, effective list of options out. The expected lists are what the real uWSGI prints for {@code --show-config}:
 * {@code src/test/uwsgi/expect.py} writes them.
 */
final class GoldenTest {
    @TempDir
    private Path temporary;

    /** One case of a golden file. */
    private record Case(
            String name,
            List<String> argv,
            Map<String, String> environment,
            Map<String, String> files,
            List<String> expect) {}

    private static Path goldenFiles() throws URISyntaxException {
        return Path.of(GoldenTest.class.getResource("/golden/syntax.txt").toURI())
                .getParent();
    }

    @TestFactory
    List<DynamicTest> gives() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(goldenFiles())) {
            for (Path file : files.sorted().toList()) {
                for (Case golden : cases(file)) {
                    String name = file.getFileName() + ": " + golden.name();
                    Path folder = temporary.resolve(Integer.toString(tests.size()));
                    tests.add(DynamicTest.dynamicTest(name, () -> check(golden, folder)));
                }
            }
        }
        assertThat(tests).hasSizeGreaterThan(200);
        return tests;
    }

    private static List<Case> cases(Path file) throws IOException {
        String[] parts = Files.readString(file).split("(?m)^### ");
        List<Case> cases = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            cases.add(parse(parts[i].split("(?m)^--- ")));
        }
        return cases;
    }

    private static Case parse(String[] sections) {
        List<String> argv = new ArrayList<>();
        Map<String, String> environment = new LinkedHashMap<>(Map.of("HOME", "/root"));
        String name = sections[0].lines().findFirst().orElseThrow();
        sections[0].lines().skip(1).forEach(line -> {
            if (line.startsWith("argv: ")) {
                Stream.of(line.substring(6).split(" {2}"))
                        .filter(a -> !a.isEmpty())
                        .forEach(argv::add);
            } else if (line.startsWith("env: ")) {
                String[] variable = line.substring(5).split("=", 2);
                environment.put(variable[0], variable[1]);
            }
        });
        Map<String, String> files = new LinkedHashMap<>();
        List<String> expect = List.of();
        for (int i = 1; i < sections.length; i++) {
            int end = sections[i].indexOf('\n');
            String file = sections[i].substring(0, end);
            String body = sections[i].substring(end + 1);
            if (file.equals("expect")) {
                expect = body.lines().filter(l -> !l.isEmpty()).toList();
            } else {
                files.put(file, body);
            }
        }
        return new Case(name, argv, environment, files, expect);
    }

    private static void check(Case golden, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, String> file : golden.files().entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        assertThat(answer(golden, folder)).isEqualTo(golden.expect());
        if (golden.expect().stream().noneMatch(line -> line.startsWith("! "))) {
            survivesConversion(golden, folder);
        }
    }

    /** What a converted file gives is what the original gives. */
    private static void survivesConversion(Case golden, Path folder) throws IOException {
        OptionRegistry registry = new Reading(folder).registry;
        Configuration original = reader(golden, folder, registry).read(golden.argv());
        Map<String, Object> wanted = effective(original);
        Path conf = Files.writeString(folder.resolve("converted.conf"), ConvertedConfig.hocon(original, registry));
        assertThat(effective(again(folder, registry, conf))).isEqualTo(wanted);
        if (original.assignments().stream().noneMatch(a -> a.value().contains("\n"))) {
            Path ini = Files.writeString(folder.resolve("converted.ini"), ConvertedConfig.ini(original, registry));
            assertThat(effective(again(folder, registry, ini))).isEqualTo(wanted);
        }
    }

    private static Configuration again(Path folder, OptionRegistry registry, Path converted) {
        return new ConfigReader(registry, folder, Map.of()).read(List.of(converted.toString()));
    }

    private static Map<String, Object> effective(Configuration configuration) {
        Map<String, Object> values = new TreeMap<>();
        for (Setting setting : configuration.settings().all()) {
            if (!ConfigOptions.isCarriedOut(setting.option())) {
                values.put(setting.option().name(), configuration.settings().get(setting.option()));
            }
        }
        return values;
    }

    private static ConfigReader reader(Case golden, Path folder, OptionRegistry registry) {
        return new ConfigReader(registry, folder, golden.environment(), new ByteArrayInputStream(new byte[0]));
    }

    private static List<String> answer(Case golden, Path folder) {
        ConfigReader reader = reader(golden, folder, new Reading(folder).registry);
        try {
            return reader.read(golden.argv()).assignments().stream()
                    .map(a -> a.key() + " = " + shown(a))
                    .flatMap(line -> line.replace(folder.toString(), "/DIR").lines())
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (ConfigException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return golden.expect().stream().filter(l -> l.startsWith("! ")).toList();
        }
    }

    /** uWSGI shows an option without a value on the command line as true. */
    private static String shown(Assignment a) {
        return a.value().isEmpty() && a.origin().equals(Origin.COMMAND_LINE) ? "true" : a.value();
    }

    @Test
    void expectsWhatTheInstalledUwsgiAnswers() throws Exception {
        List<String> command = new ArrayList<>(List.of("python3", "src/test/uwsgi/expect.py"));
        Map<Path, String> before = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(goldenFiles())) {
            for (Path file : files.sorted().toList()) {
                Path copy = Files.copy(file, temporary.resolve(file.getFileName()));
                before.put(copy, Files.readString(copy));
                command.add(copy.toString());
            }
        }
        Process process = new ProcessBuilder(command).inheritIO().start();
        try {
            assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
        for (Map.Entry<Path, String> file : before.entrySet()) {
            assertThat(Files.readString(file.getKey())).isEqualTo(file.getValue());
        }
    }
}
