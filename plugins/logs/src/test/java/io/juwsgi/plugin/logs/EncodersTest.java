package io.juwsgi.plugin.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.log.LogLine;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EncodersTest {
    private static final LogLine LINE =
            new LogLine(LogLine.Source.MESSAGE, Level.INFO, 1_700_000_000_123_456L, 0, 0, "a \"b\"\n\tc");

    @Test
    void formatsPutVariablesIn() {
        assertThat(LineTemplate.text("${unix} ${millis} ${micros} ${strftime:%s} [${msg}] ${no} $x ${")
                        .encode(LINE))
                .isEqualTo("1700000000 1700000000123 1700000000123456 1700000000 [a \"b\"\n\tc] ${no} $x ${");
        assertThat(LineTemplate.text("${msgnl}").encode(LINE)).isEqualTo("a \"b\"\n\tc\n");
        assertThat(LineTemplate.text("").encode(LINE)).isEmpty();
    }

    @Test
    void jsonEscapesWhatIsPutIn() {
        assertThat(LineTemplate.json("{\"unix\":${unix},\"msg\":\"${msg}\"}").encode(LINE))
                .isEqualTo("{\"unix\":1700000000,\"msg\":\"a \\\"b\\\"\\n\\tc\"}");
    }

    @Test
    void piecesCutNoCharacter() {
        String text = "a\u20ac\ud83d\ude00".repeat(50);
        for (int most = 4; most < 20; most++) {
            StringBuilder joined = new StringBuilder();
            int longest = most;
            Pieces.of(text, most, (bytes, from, to) -> {
                assertThat(to - from).isBetween(1, longest);
                joined.append(new String(bytes, from, to - from, StandardCharsets.UTF_8));
            });
            assertThat(joined).hasToString(text);
        }
    }

    @Test
    void piecesAreLines() {
        List<String> pieces = new ArrayList<>();
        Pieces.of(
                "abcdef\n\ngh\n",
                4,
                (bytes, from, to) -> pieces.add(new String(bytes, from, to - from, StandardCharsets.UTF_8)));
        assertThat(pieces).containsExactly("abcd", "ef", "gh");
        pieces.clear();
        Pieces.of("", 4, (bytes, from, to) -> pieces.add("(" + (to - from) + ")"));
        assertThat(pieces).containsExactly("(0)");
    }
}
