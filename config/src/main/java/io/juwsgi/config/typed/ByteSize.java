package io.juwsgi.config.typed;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A count of bytes, written as a number with an optional {@code k}, {@code m} or {@code g}: powers of 1024.
 *
 * @param bytes how many, 0 or more
 */
public record ByteSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,12})\\s*([kmg]?)(i?b)?");

    /** Checks the count. */
    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("byte size: " + bytes + " (expected: 0 or more)");
        }
    }

    /**
     * Reads a size.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static ByteSize parse(String text) {
        Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("byte size: " + text + " (expected: such as 512, 64k, 10m or 1g)");
        }
        int shift = switch (matcher.group(2)) {
            case "k" -> 10;
            case "m" -> 20;
            case "g" -> 30;
            default -> 0;
        };
        return new ByteSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift));
    }
}
