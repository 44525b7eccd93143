package io.juwsgi.cli.log;

import io.juwsgi.spi.log.LogEncoder;
import io.juwsgi.spi.log.LogLine;
import io.juwsgi.spi.log.Strftime;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Lines as people read them: messages with their level and, when asked for, the date; what applications print as it is.
 *
 * @param date the form of the date before messages, null for none
 * @param worker whether the number of the worker stands before what it prints
 */
record PlainText(@Nullable Strftime date, boolean worker) implements LogEncoder {

    @Override
    public String encode(LogLine line) {
        return switch (line.source()) {
            case REQUEST -> line.text();
            case APPLICATION ->
                worker && line.worker() > 0 ? "[worker " + line.worker() + "] " + line.text() : line.text();
            case MESSAGE -> message(line);
        };
    }

    private String message(LogLine line) {
        String text = line.level() == Level.INFO ? line.text() : line.level() + " " + line.text();
        return date == null ? text : date.format(line.micros() / 1_000_000) + " - " + text;
    }
}
