package io.juwsgi.spi.extension;

/**
 * Makes a component of its settings.
 *
 * @param <S> the record of settings
 * @param <T> what is made
 */
@FunctionalInterface
public interface Factory<S extends Record, T> {

    /**
     * Makes the component. Called on the main thread when the component is active; it looks at files but opens nothing
     * that has to be closed: that is what {@link LifeCycle#start} is for.
     *
     * @param settings what was configured; each component of the record has been checked
     * @param context what the server lends to the component
     * @throws io.juwsgi.config.ConfigException when the settings contradict each other or name what is not there
     */
    T create(S settings, Context context);
}
