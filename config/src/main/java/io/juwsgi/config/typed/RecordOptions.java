package io.juwsgi.config.typed;

import io.juwsgi.config.Option;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A record as settings under one id: a flag {@code --ID}, and an option {@code --ID-COMPONENT} for each component
 * ({@code maxSize} of {@code gzip} is {@code --gzip-max-size}; in HOCON {@code gzip { max-size = 64k }}).
 *
 * <p>A component is a boolean, int, String, {@link java.nio.file.Path}, {@link java.time.Duration}, {@link ByteSize} or an
 * enum, or a List or Optional of one. When it is not set it has the value of {@link Default}; a boolean without one is
 * false, a List or Optional empty, and every other component must be set. {@link Doc} is its line in the help. What the
 * types cannot say is checked by the record's compact constructor, which throws {@link IllegalArgumentException} with
 * {@code "COMPONENT: VALUE (expected: ...)"}; the message then gets the option's name and position. Immutable.
 *
 * @param <S> the record
 */
public final class RecordOptions<S extends Record> {
    private final Option<Boolean> flag;
    private final List<Component> components;
    private final Constructor<S> constructor;
    private final List<Option<?>> triggers;

    private RecordOptions(
            Option<Boolean> flag, List<Component> components, Constructor<S> constructor, List<Option<?>> triggers) {
        this.flag = flag;
        this.components = components;
        this.constructor = constructor;
        this.triggers = triggers;
    }

    /**
     * Looks at a record.
     *
     * @param id the beginning of all its options' names
     * @throws IllegalArgumentException when a component cannot be configured, or the record is closed to this module
     */
    public static <S extends Record> RecordOptions<S> of(String id, Class<S> type) {
        Doc doc = type.getAnnotation(Doc.class);
        Option<Boolean> flag = Option.flag(id).area(id).doc(doc == null ? "turn " + id + " on" : doc.value());
        List<Component> components = Stream.of(type.getRecordComponents())
                .map(component -> Component.of(id, component))
                .toList();
        return new RecordOptions<>(flag, components, constructor(type), List.of());
    }

    /** Returns these options, with others that turn the id on when they are set. */
    public RecordOptions<S> triggeredBy(Collection<Option<?>> others) {
        return new RecordOptions<>(flag, components, constructor, List.copyOf(others));
    }

    private static <S extends Record> Constructor<S> constructor(Class<S> type) {
        Class<?>[] types = Stream.of(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<S> canonical = type.getDeclaredConstructor(types);
            canonical.setAccessible(true);
            return canonical;
        } catch (InaccessibleObjectException e) {
            throw new IllegalArgumentException(
                    type.getName() + " is closed to the option reader (expected: in module-info.java, opens "
                            + type.getPackageName() + " to io.juwsgi.config)",
                    e);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(type + " has no canonical constructor", e);
        }
    }

    /** Returns the flag and the options of all components, for the option registry. */
    public List<Option<?>> options() {
        List<Option<?>> all = new ArrayList<>();
        all.add(flag);
        components.forEach(component -> all.add(component.option()));
        return all;
    }

    /** Returns the options of all components, for what is turned on by being named elsewhere. */
    public List<Option<?>> componentOptions() {
        return components.stream().<Option<?>>map(Component::option).toList();
    }

    /** Returns whether the flag is on, or one of the options or triggers is set and the flag is not off. */
    public boolean active(Settings settings) {
        if (settings.has(flag)) {
            return settings.get(flag);
        }
        return components.stream().anyMatch(component -> settings.has(component.option()))
                || triggers.stream().anyMatch(settings::has);
    }

    /** Returns whether the flag was turned off. */
    public boolean off(Settings settings) {
        return settings.has(flag) && !settings.get(flag);
    }

    /**
     * Makes the record.
     *
     * @param failures gets a line for each value that is missing or wrong: where, what was found, what was expected
     * @return the record, empty when there were failures
     */
    public Optional<S> decode(Settings settings, List<String> failures) {
        int before = failures.size();
        Object[] values = new Object[components.size()];
        for (int i = 0; i < values.length; i++) {
            Object value = components.get(i).decode(settings, failures);
            if (value != null) {
                values[i] = value;
            }
        }
        return failures.size() > before ? Optional.empty() : construct(values, settings, failures);
    }

    private Optional<S> construct(Object[] values, Settings settings, List<String> failures) {
        try {
            return Optional.of(constructor.newInstance(values));
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof IllegalArgumentException wrong)) {
                throw new IllegalStateException(constructor + " failed", e.getCause());
            }
            failures.add(located(Objects.requireNonNullElse(wrong.getMessage(), wrong.toString()), settings));
            return Optional.empty();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(constructor + " cannot be called", e);
        }
    }

    /** Puts position and option's name in place of the component's name that a message begins with. */
    private String located(String message, Settings settings) {
        for (Component component : components) {
            if (message.startsWith(component.name() + ": ")) {
                String rest = component.option().name()
                        + message.substring(component.name().length());
                List<Setting> given = settings.of(component.option());
                return given.isEmpty() ? rest : given.getLast().origin() + ": " + rest;
            }
        }
        return flag.name() + ": " + message;
    }
}
