package io.juwsgi.cli.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** Makes every {@code System.Logger} of the process write to {@link StandardLog}, from INFO on. */
public final class SinkLoggerFinder extends System.LoggerFinder {

    @Override
    public System.Logger getLogger(String name, Module module) {
        return name.equals(ExitWatch.LOGGER) ? new ExitWatch.Logger() : new SinkLogger(name);
    }

    /** A logger that writes {@code LEVEL name: message}, INFO without its level. */
    private record SinkLogger(String name) implements System.Logger {

        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            return level.getSeverity() >= Level.INFO.getSeverity() && level != Level.OFF;
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
            if (isLoggable(level)) {
                write(level, String.valueOf(message), thrown);
            }
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... params) {
            if (isLoggable(level)) {
                String text = params == null || params.length == 0 || format == null
                        ? String.valueOf(format)
                        : new MessageFormat(format, Locale.ROOT).format(params);
                write(level, text, null);
            }
        }

        private void write(Level level, String message, @Nullable Throwable thrown) {
            StringBuilder line = new StringBuilder();
            line.append(message);
            if (thrown != null) {
                StringWriter stack = new StringWriter();
                thrown.printStackTrace(new PrintWriter(stack));
                line.append('\n').append(stack.toString().stripTrailing());
            }
            StandardLog.instance().message(level, line.toString());
        }
    }
}
