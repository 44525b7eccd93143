package io.juwsgi.protocol.marshal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What real Python reads from what the writer wrote. */
final class MarshalWriterTest {
    private final MarshalWriter writer = new MarshalWriter();

    @Test
    void writesTheEnvironAsStrings() throws Exception {
        writer.beginDict();
        writer.variable("REQUEST_METHOD", "GET");
        writer.variable("PATH_INFO", "/caf\u00c3\u00a9");
        writer.variable("QUERY_STRING", "");
        writer.endDict();

        assertThat(pythonReads("")).isEqualTo("""
                {'REQUEST_METHOD': 'GET', 'PATH_INFO': '/caf\u00c3\u00a9', 'QUERY_STRING': ''}""");
    }

    @Test
    void keepsEveryByteOfALatin1Value() throws Exception {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 256; c++) {
            all.append(c);
        }
        writer.variable("", all.toString());
        writer.reset();
        writer.text(all.toString());
        byte[] asText = writer.toByteArray();
        writer.reset();
        writer.beginDict();
        writer.variable("HTTP_X", all.toString());
        writer.endDict();

        assertThat(pythonReads("v = v['HTTP_X'] == bytes(range(256)).decode('latin-1')"))
                .isEqualTo("True");
        assertThat(asText).startsWith('u');
    }

    @Test
    void theLastOfEqualNamesCounts() throws Exception {
        writer.beginDict();
        writer.variable("A", "1");
        writer.variable("A", "2");
        writer.endDict();

        assertThat(pythonReads("")).isEqualTo("{'A': '2'}");
    }

    @Test
    void longStringsAreWholeOnBothSidesOfTheShortForm() throws Exception {
        writer.beginDict();
        for (int length : new int[] {7, 8, 9, 255, 256, 70_000}) {
            writer.variable("A" + length, "x".repeat(length));
            writer.variable("U" + length, "\u00e9".repeat(length));
        }
        writer.variable("K".repeat(300), "k");
        writer.endDict();

        assertThat(pythonReads("v = [k if len(k) > 9 else (k, len(x), set(x)) for k, x in v.items()]"))
                .isEqualTo("[('A7', 7, {'x'}), ('U7', 7, {'é'}), ('A8', 8, {'x'}), ('U8', 8, {'é'}), "
                        + "('A9', 9, {'x'}), ('U9', 9, {'é'}), ('A255', 255, {'x'}), ('U255', 255, {'é'}), "
                        + "('A256', 256, {'x'}), ('U256', 256, {'é'}), ('A70000', 70000, {'x'}), "
                        + "('U70000', 70000, {'é'}), '" + "K".repeat(300) + "']");
    }

    @Test
    void shortKeysAreInterned() throws Exception {
        writer.beginDict();
        writer.variable("PATH_INFO_OF_TEST", "/");
        writer.endDict();

        assertThat(pythonReads("v = list(v)[0] is sys.intern('PATH_INFO' + '_OF_TEST')"))
                .isEqualTo("True");
    }

    @Test
    void writesNestedBootSettings() throws Exception {
        writer.beginDict();
        writer.key("apps");
        writer.beginList(2);
        writer.none();
        writer.beginDict();
        writer.key("schlüssel");
        writer.text("Grüße, Привет, 日本, 😀, \ud800");
        writer.endDict();
        writer.key("threads");
        writer.integer(-2);
        writer.key("most");
        writer.integer(Integer.MAX_VALUE);
        writer.key("lazy");
        writer.bool(true);
        writer.key("found");
        writer.bool(false);
        writer.key("none");
        writer.beginList(0);
        writer.endDict();

        assertThat(pythonReads(""))
                .isEqualTo("{'apps': [None, {'schlüssel': 'Grüße, Привет, 日本, 😀, \\ud800'}], "
                        + "'threads': -2, 'most': 2147483647, 'lazy': True, 'found': False, 'none': []}");
    }

    @Test
    void charsAboveOneByteLoseOnlyTheirHighByteInVariables() throws Exception {
        writer.beginDict();
        writer.variable("A", "x\u0141y\u01e9");
        writer.endDict();

        assertThat(pythonReads("")).isEqualTo("{'A': 'xAyé'}");
    }

    @Test
    void resetForgetsEverythingAndALargeBuffer() {
        writer.text("x".repeat(1_000_000));
        writer.reset();
        writer.none();

        assertThat(writer.toByteArray()).containsExactly('N');
        assertThat(writer.array()).hasSizeLessThan(1_000_000);
    }

    @Test
    void refusesAListOfNegativeSize() {
        assertThatThrownBy(() -> writer.beginList(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("list size: -1 (expected: >= 0)");
    }

    /** Lets Python load what was written as {@code v}, run {@code then}, and print {@code v}. */
    private String pythonReads(String then) throws IOException, InterruptedException {
        String script = "import marshal, sys; sys.stdout.reconfigure(encoding='utf-8')\n"
                + "v = marshal.loads(sys.stdin.buffer.read())\n" + then + "\nprint(repr(v), end='')";
        Process python = new ProcessBuilder("/usr/bin/python3", "-c", script)
                .redirectErrorStream(true)
                .start();
        try (var in = python.getOutputStream()) {
            in.write(writer.array(), 0, writer.length());
        }
        String output = new String(python.getInputStream().readAllBytes(), UTF_8);
        assertThat(python.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
