package io.juwsgi.config;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are broken at random are read, or refused with a {@link ConfigException}; nothing else happens. */
final class MutationTest {
    private static final int ROUNDS = 1_500;
    private static final String INI = """
            [uwsgi]
            ini = :base
            name = w-%n
            http = :$(PORT)
            for = a b
            env = %(_)=%(name + 2)
            endfor =
            if-env = HOME
            chdir = %(name)/%(name * 2)%(%k * 2)
            endif =
            declare-option = d=env=$1;threads=$2
            d = 1 2
            [base]
            set-ph = x=%(name)
            """;
    private static final String YAML =
            "uwsgi:\n  a: &x [1, \"2\", 'b']\n  c: {d: *x}\n  e: |\n    f\n  g: >-\n    h\n---\nz: 1\n";
    private static final String JSON =
            "{\"uwsgi\": {\"a\": [1, \"b\\u00e4\", true, null], \"c\": -1.5e3}, \"d\": {\"e\": []}}";
    private static final String XML =
            "<?xml version=\"1.0\"?><r><uwsgi id=\"a\"><b/><c>d&amp;</c><app mountpoint=\"/\"><script>s</script></app></uwsgi></r>";
    private static final String HOCON =
            "a = 1\nb { c = [1, {d = 2}], e = ${a}\"x\" }\nf = ${?HOME}/x\ng += 1\n\"h.i\" : \"\"\"j\"\"\"\n";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"a.ini", "a.yaml", "a.json", "a.xml", "a.conf"})
    void nothingButAnswersOrClearErrors(String name) {
        byte[] seed = seed(name).getBytes(StandardCharsets.UTF_8);
        Random random = new Random(name.hashCode());
        Reading reading = new Reading(directory).variable("HOME", "/root");
        Assertions.assertTimeout(Duration.ofSeconds(120), () -> {
            for (int i = 0; i < ROUNDS; i++) {
                byte[] broken = mutated(seed, random);
                Files.write(directory.resolve(name), broken);
                assertThatCode(() -> read(reading, name))
                        .as(() -> new String(broken, StandardCharsets.ISO_8859_1))
                        .doesNotThrowAnyException();
            }
        });
    }

    private static String seed(String name) {
        return switch (name) {
            case "a.ini" -> INI;
            case "a.yaml" -> YAML;
            case "a.json" -> JSON;
            case "a.xml" -> XML;
            default -> HOCON;
        };
    }

    private static void read(Reading reading, String name) {
        try {
            reading.read(name);
        } catch (ConfigException e) {
            if (e.getMessage().isBlank()) {
                throw new AssertionError("a message without words", e);
            }
        }
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] bytes = seed.clone();
        int edits = 1 + random.nextInt(4);
        for (int i = 0; i < edits; i++) {
            int at = random.nextInt(bytes.length);
            int other = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = seed[Math.min(other, seed.length - 1)];
                case 2 -> bytes = java.util.Arrays.copyOf(bytes, Math.max(1, at));
                default -> {
                    byte[] longer = java.util.Arrays.copyOf(bytes, bytes.length + 8);
                    System.arraycopy(
                            bytes,
                            Math.min(at, other),
                            longer,
                            Math.max(at, other),
                            8 + Math.min(0, bytes.length - Math.min(at, other) - 8));
                    bytes = longer;
                }
            }
        }
        return bytes;
    }
}
