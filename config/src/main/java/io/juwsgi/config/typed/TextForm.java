package io.juwsgi.config.typed;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How one kind of value is written.
 *
 * @param placeholder the word for it in the help
 * @param expected what a message says is expected
 * @param reader makes a value of a text; throws {@link IllegalArgumentException} or {@link ArithmeticException} when it
 *     has another form
 */
record TextForm(String placeholder, String expected, Function<String, Object> reader) {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})\\s*(ms|s|m|h|d|)");
    private static final Map<String, Boolean> TRUTH = Map.of(
            "", true, "true", true, "yes", true, "on", true, "1", true, "false", false, "no", false, "off", false, "0",
            false);

    private static final TextForm BOOLEAN = new TextForm("BOOLEAN", "true or false", TextForm::bool);
    private static final Map<Class<?>, TextForm> FORMS = Map.of(
            boolean.class,
            BOOLEAN,
            Boolean.class,
            BOOLEAN,
            int.class,
            new TextForm("N", "a whole number", text -> Integer.valueOf(text.strip())),
            Integer.class,
            new TextForm("N", "a whole number", text -> Integer.valueOf(text.strip())),
            String.class,
            new TextForm("TEXT", "a text", text -> text),
            Path.class,
            new TextForm("PATH", "a path", TextForm::path),
            Duration.class,
            new TextForm("TIME", "a time such as 500ms, 30s, 5m, 2h or 1d; seconds without a unit", TextForm::duration),
            ByteSize.class,
            new TextForm("BYTES", "a size such as 512, 64k, 10m or 1g", ByteSize::parse));

    /** Returns the form of a type, or null when values of it cannot be written. */
    static @Nullable TextForm of(Class<?> type) {
        return type.isEnum() ? ofConstants(type) : FORMS.get(type);
    }

    private static TextForm ofConstants(Class<?> type) {
        Map<String, Object> byName = Stream.of(type.getEnumConstants())
                .collect(Collectors.toMap(TextForm::constantName, Function.identity()));
        String names =
                Stream.of(type.getEnumConstants()).map(TextForm::constantName).collect(Collectors.joining("|"));
        return new TextForm(names, "one of " + names.replace("|", ", "), text -> {
            Object constant = byName.get(text.strip().toLowerCase(Locale.ROOT));
            if (constant == null) {
                throw new IllegalArgumentException(text);
            }
            return constant;
        });
    }

    private static String constantName(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Object bool(String text) {
        Boolean value = TRUTH.get(text.strip().toLowerCase(Locale.ROOT));
        if (value == null) {
            throw new IllegalArgumentException(text);
        }
        return value;
    }

    private static Object path(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException(text);
        }
        return Path.of(text);
    }

    private static Object duration(String text) {
        Matcher matcher = DURATION.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> Duration.ofSeconds(count);
        };
    }
}
