package io.juwsgi.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.log.LogLine;
import io.juwsgi.spi.log.LogLine.Source;
import io.juwsgi.spi.log.LogText;
import io.juwsgi.spi.log.Strftime;
import java.lang.System.Logger.Level;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** How lines look: as plain text, as JSON, with dates. */
final class LineFormsTest {
    private static final long SECOND =
            LocalDateTime.of(2026, 3, 7, 9, 5, 2).atZone(ZoneId.systemDefault()).toEpochSecond();

    private static LogLine line(Source source, Level level, int worker, String text) {
        return new LogLine(source, level, SECOND * 1_000_000 + 12_345, worker, worker * 100L, text);
    }

    @Test
    void plainTextPutsDateAndLevelBeforeMessagesOnly() {
        PlainText plain = new PlainText(Strftime.of("%c"), false);
        assertThat(plain.encode(line(Source.MESSAGE, Level.INFO, 0, "hello")))
                .isEqualTo("Sat Mar  7 09:05:02 2026 - hello");
        assertThat(plain.encode(line(Source.MESSAGE, Level.WARNING, 0, "hello")))
                .isEqualTo("Sat Mar  7 09:05:02 2026 - WARNING hello");
        assertThat(plain.encode(line(Source.REQUEST, Level.INFO, 0, "GET /"))).isEqualTo("GET /");
        assertThat(plain.encode(line(Source.APPLICATION, Level.INFO, 2, "printed")))
                .isEqualTo("printed");
    }

    @Test
    void plainTextNamesTheWorkerWhenAskedTo() {
        PlainText plain = new PlainText(null, true);
        assertThat(plain.encode(line(Source.APPLICATION, Level.INFO, 2, "printed")))
                .isEqualTo("[worker 2] printed");
        assertThat(plain.encode(line(Source.APPLICATION, Level.INFO, 0, "zygote")))
                .isEqualTo("zygote");
    }

    @Test
    void jsonIsOneObjectWhateverTheText() {
        String text = "a \"quoted\" \\ line\nwith\ttabs, \u0001, \u00e9, \u20ac, \ud83d\ude00 and half \ud83d";
        String json = new JsonText().encode(line(Source.APPLICATION, Level.INFO, 2, text));
        assertThat(json)
                .matches("\\{\"time\":\"[-0-9T:.]+Z\",\"kind\":\"application\",\"level\":\"INFO\",\"worker\":2,"
                        + "\"pid\":200,\"message\":\".*\"}")
                .doesNotContain("\n");
        assertThat(message(json)).isEqualTo(text.substring(0, text.length() - 1) + "?");
    }

    @Test
    void jsonLeavesRequestsAsTheyAre() {
        assertThat(new JsonText().encode(line(Source.REQUEST, Level.INFO, 0, "{}")))
                .isEqualTo("{}");
    }

    private static String message(String json) {
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            String name = "";
            String message = "";
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME) {
                    name = parser.currentName();
                } else if (token == JsonToken.VALUE_STRING && name.equals("message")) {
                    message = parser.getString();
                }
            }
            return message;
        }
    }

    @Test
    void readsTheLettersOfStrftime() {
        assertThat(Strftime.of("%Y-%m-%d %H:%M:%S %y %j %e %a %A %b %B %p %I %F %T %D %R %% %Q 100%")
                        .format(SECOND))
                .isEqualTo(
                        "2026-03-07 09:05:02 26 066  7 Sat Saturday Mar March AM 09 2026-03-07 09:05:02 03/07/26 09:05"
                                + " % %Q 100%");
        assertThat(Strftime.of("%s").format(SECOND)).isEqualTo(Long.toString(SECOND));
        assertThat(Strftime.of("%z").format(SECOND)).matches("[+-]\\d{4}");
        assertThat(Strftime.of("plain").format(SECOND)).isEqualTo("plain");
    }

    @Test
    void writesNullAsJsonNull() {
        StringBuilder out = new StringBuilder();
        LogText.jsonString(out, null);
        assertThat(out).hasToString("null");
    }
}
