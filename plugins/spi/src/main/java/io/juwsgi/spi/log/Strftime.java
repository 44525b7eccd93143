package io.juwsgi.spi.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/**
 * A time format as C's {@code strftime} reads it (POSIX), in the C locale and the server's zone. Letters that it does not
 * know stay as they are. Immutable.
 */
public final class Strftime {
    private final DateTimeFormatter formatter;

    private Strftime(DateTimeFormatter formatter) {
        this.formatter = formatter;
    }

    /** Reads a format; every text is one. */
    public static Strftime of(String format) {
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
        append(builder, format);
        return new Strftime(builder.toFormatter(Locale.ENGLISH).withZone(ZoneId.systemDefault()));
    }

    private static void append(DateTimeFormatterBuilder builder, String format) {
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c == '%' && i + 1 < format.length()) {
                letter(builder, format.charAt(++i));
            } else {
                builder.appendLiteral(c);
            }
        }
    }

    private static void letter(DateTimeFormatterBuilder to, char letter) {
        switch (letter) {
            case 'a' -> to.appendText(ChronoField.DAY_OF_WEEK, TextStyle.SHORT);
            case 'A' -> to.appendText(ChronoField.DAY_OF_WEEK, TextStyle.FULL);
            case 'b', 'h' -> to.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.SHORT);
            case 'B' -> to.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.FULL);
            case 'c' -> append(to, "%a %b %e %H:%M:%S %Y");
            case 'd' -> to.appendValue(ChronoField.DAY_OF_MONTH, 2);
            case 'D', 'x' -> append(to, "%m/%d/%y");
            case 'e' -> to.padNext(2).appendValue(ChronoField.DAY_OF_MONTH);
            case 'F' -> append(to, "%Y-%m-%d");
            case 'G' -> to.appendValue(IsoFields.WEEK_BASED_YEAR, 4);
            case 'H' -> to.appendValue(ChronoField.HOUR_OF_DAY, 2);
            case 'I' -> to.appendValue(ChronoField.CLOCK_HOUR_OF_AMPM, 2);
            case 'j' -> to.appendValue(ChronoField.DAY_OF_YEAR, 3);
            case 'k' -> to.padNext(2).appendValue(ChronoField.HOUR_OF_DAY);
            case 'm' -> to.appendValue(ChronoField.MONTH_OF_YEAR, 2);
            case 'M' -> to.appendValue(ChronoField.MINUTE_OF_HOUR, 2);
            case 'n' -> to.appendLiteral('\n');
            case 'p' -> to.appendText(ChronoField.AMPM_OF_DAY);
            case 'r' -> append(to, "%I:%M:%S %p");
            case 'R' -> append(to, "%H:%M");
            case 's' -> to.appendValue(ChronoField.INSTANT_SECONDS);
            case 'S' -> to.appendValue(ChronoField.SECOND_OF_MINUTE, 2);
            case 't' -> to.appendLiteral('\t');
            case 'T', 'X' -> append(to, "%H:%M:%S");
            case 'u' -> to.appendValue(ChronoField.DAY_OF_WEEK, 1);
            case 'V' -> to.appendValue(IsoFields.WEEK_OF_WEEK_BASED_YEAR, 2);
            case 'y' -> to.appendValueReduced(ChronoField.YEAR, 2, 2, 2000);
            case 'Y' -> to.appendValue(ChronoField.YEAR, 4);
            case 'z' -> to.appendOffset("+HHMM", "+0000");
            case 'Z' -> to.appendZoneText(TextStyle.SHORT);
            case '%' -> to.appendLiteral('%');
            default -> to.appendLiteral('%').appendLiteral(letter);
        }
    }

    /** Returns a time as text. */
    public String format(long epochSecond) {
        return formatter.format(ZonedDateTime.ofInstant(Instant.ofEpochSecond(epochSecond), ZoneId.systemDefault()));
    }
}
