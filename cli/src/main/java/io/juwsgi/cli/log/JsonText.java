package io.juwsgi.cli.log;

import io.juwsgi.spi.log.LogEncoder;
import io.juwsgi.spi.log.LogLine;
import io.juwsgi.spi.log.LogText;
import java.time.Instant;
import java.util.Locale;

/** Lines as JSON objects; lines of requests are objects already. No state. */
final class JsonText implements LogEncoder {

    @Override
    public String encode(LogLine line) {
        if (line.source() == LogLine.Source.REQUEST) {
            return line.text();
        }
        StringBuilder json = new StringBuilder(line.text().length() + 128);
        json.append("{\"time\":\"").append(time(line.micros()));
        json.append("\",\"kind\":\"").append(line.source().name().toLowerCase(Locale.ROOT));
        json.append("\",\"level\":\"").append(line.level()).append('"');
        if (line.worker() > 0) {
            json.append(",\"worker\":").append(line.worker());
        }
        if (line.pid() > 0) {
            json.append(",\"pid\":").append(line.pid());
        }
        LogText.jsonString(json.append(",\"message\":"), line.text());
        return json.append('}').toString();
    }

    private static Instant time(long micros) {
        return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000);
    }
}
