package io.juwsgi.spi.extension;

import io.juwsgi.config.Option;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One thing that a plugin offers.
 *
 * <p>The id names it everywhere: {@code --ID} turns it on, and each component of the settings record is an option of its
 * own, {@code --ID-COMPONENT}, in every configuration source and in the help. The extension is active when its flag is
 * on, or when one of its options or triggers is set and the flag is not off. See {@link io.juwsgi.config.typed.RecordOptions} for
 * the types that a component may have.
 *
 * @param id lower-case letters, digits and dashes, beginning with a letter, unique among all extensions
 * @param settings the record of settings; its compact constructor checks what the types cannot say
 * @param factory makes the component
 * @param triggers options of {@link io.juwsgi.spi.Extensions#options} that turn it on as well
 * @param <S> the record of settings
 * @param <T> what the factory makes
 */
public record Extension<S extends Record, T>(
        String id, Class<S> settings, Factory<? super S, ? extends T> factory, Collection<Option<?>> triggers) {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /**
     * Checks the id.
     *
     * @throws IllegalArgumentException when the id has another form
     */
    public Extension {
        triggers = List.copyOf(triggers);
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "extension id: " + id + " (expected: lower-case letters, digits and dashes, such as rate-limit)");
        }
    }

    /** Makes an extension that its own options alone turn on. */
    public Extension(String id, Class<S> settings, Factory<? super S, ? extends T> factory) {
        this(id, settings, factory, List.of());
    }
}
