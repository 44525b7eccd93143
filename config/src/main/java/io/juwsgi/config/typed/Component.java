package io.juwsgi.config.typed;

import io.juwsgi.config.Option;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One component of a settings record: its option, and how its value is made. Immutable. */
final class Component {
    private enum Shape {
        ONE,
        OPTIONAL,
        LIST
    }

    private final String name;
    private final Shape shape;
    private final TextForm form;
    private final @Nullable String defaultText;
    private final Option<?> option;

    private Component(String name, Shape shape, TextForm form, @Nullable String defaultText, Option<?> option) {
        this.name = name;
        this.shape = shape;
        this.form = form;
        this.defaultText = defaultText;
        this.option = option;
    }

    /** Describes a component; throws {@link IllegalArgumentException} when its type cannot be configured. */
    static Component of(String id, RecordComponent component) {
        Shape shape = shape(component.getType());
        Class<?> type = shape == Shape.ONE ? component.getType() : argument(component.getGenericType());
        TextForm form = TextForm.of(type);
        if (form == null) {
            throw new IllegalArgumentException(component.getDeclaringRecord().getName() + "." + component.getName()
                    + ": "
                    + component.getGenericType().getTypeName() + " (expected: boolean, int, String, Path, Duration,"
                    + " ByteSize, an enum, or a List or Optional of one)");
        }
        Default given = component.getAnnotation(Default.class);
        String text = given != null ? given.value() : type == boolean.class ? "false" : null;
        Option<?> option = option(id + "-" + dashed(component.getName()), shape, type, form, text)
                .area(id)
                .doc(
                        component.isAnnotationPresent(Doc.class)
                                ? component.getAnnotation(Doc.class).value()
                                : "");
        Component made = new Component(component.getName(), shape, form, text, option);
        made.checkDefault();
        return made;
    }

    private static Shape shape(Class<?> type) {
        return type == List.class ? Shape.LIST : type == Optional.class ? Shape.OPTIONAL : Shape.ONE;
    }

    private static Class<?> argument(Type type) {
        return type instanceof ParameterizedType generic && generic.getActualTypeArguments()[0] instanceof Class<?> c
                ? c
                : Object.class;
    }

    private static Option<?> option(
            String name, Shape shape, Class<?> type, TextForm form, @Nullable String defaultText) {
        if (shape == Shape.LIST) {
            return Option.list(name).placeholder(form.placeholder());
        }
        if (type == boolean.class && "false".equals(defaultText)) {
            return Option.flag(name);
        }
        Option<?> option = Option.text(name).placeholder(form.placeholder());
        option = type == boolean.class ? option.optionalArgument() : option;
        return defaultText == null ? option : option.shownDefault(defaultText);
    }

    /** Turns {@code maxEntrySize} into {@code max-entry-size}. */
    private static String dashed(String camelCase) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < camelCase.length(); i++) {
            char c = camelCase.charAt(i);
            if (Character.isUpperCase(c)) {
                out.append('-');
            }
            out.append(c);
        }
        return out.toString().toLowerCase(Locale.ROOT);
    }

    private void checkDefault() {
        if (defaultText == null || shape == Shape.LIST) {
            return;
        }
        try {
            var _ = form.reader().apply(defaultText);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "default of " + option + ": " + defaultText + " (expected: " + form.expected() + ")", e);
        }
    }

    Option<?> option() {
        return option;
    }

    /** Returns the component's name in the record. */
    String name() {
        return name;
    }

    /** Returns the value, or null after a line was added to {@code failures}. */
    @Nullable
    Object decode(Settings settings, List<String> failures) {
        List<Setting> given = settings.of(option);
        return switch (shape) {
            case LIST -> list(given, failures);
            case OPTIONAL ->
                given.isEmpty() && defaultText == null ? Optional.empty() : Optional.ofNullable(one(given, failures));
            case ONE -> one(given, failures);
        };
    }

    private @Nullable Object one(List<Setting> given, List<String> failures) {
        if (!given.isEmpty()) {
            return read(given.getLast(), failures);
        }
        if (defaultText == null) {
            failures.add(option.name() + " is not set (expected: " + form.expected() + ")");
            return null;
        }
        return form.reader().apply(defaultText);
    }

    private List<Object> list(List<Setting> given, List<String> failures) {
        List<Object> values = new ArrayList<>();
        for (Setting setting : given) {
            Object value = read(setting, failures);
            if (value != null) {
                values.add(value);
            }
        }
        return List.copyOf(values);
    }

    private @Nullable Object read(Setting setting, List<String> failures) {
        try {
            return form.reader().apply(setting.value());
        } catch (IllegalArgumentException | ArithmeticException e) {
            failures.add(setting.origin() + ": " + option.name() + " = " + setting.value() + " (expected: "
                    + form.expected() + ")");
            return null;
        }
    }
}
