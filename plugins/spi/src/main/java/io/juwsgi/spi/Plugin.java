package io.juwsgi.spi;

/**
 * A unit of extension, found with {@link java.util.ServiceLoader}.
 *
 * <p>An implementation has a public no-argument constructor that does nothing; all work begins in {@link #register}.
 * Both methods are called once, on the main thread, before any listener is bound.
 */
public interface Plugin {

    /** Returns the plugin's id: lower-case letters, digits and dashes, unique among all plugins, such as {@code python}. */
    String name();

    /**
     * Registers what this plugin offers. No file, socket or thread is opened here.
     *
     * @param extensions takes the plugin's options and extensions
     */
    void register(Extensions extensions);

    /** Returns how finished and how hard the plugin is; alpha, for trusted clients, where it says nothing. */
    default Standing standing() {
        return Standing.UNKNOWN;
    }
}
