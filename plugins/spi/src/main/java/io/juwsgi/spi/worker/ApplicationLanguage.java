package io.juwsgi.spi.worker;

import io.juwsgi.config.Settings;
import java.util.Optional;
import java.util.Set;

/**
 * A language whose applications run in worker processes that a zygote forks.
 *
 * <p>The processes that a {@link ZygoteCommand} starts speak the worker link and the control protocol of
 * {@code docs/worker-link.md}.
 */
public interface ApplicationLanguage {

    /** Returns the language's id, such as {@code python}. */
    String name();

    /** Returns the values of modifier1 whose requests go to this language's application, such as 0 and 30. */
    Set<Integer> modifiers();

    /**
     * Says how the zygote for the configured application is started. Called on the main thread at start, and again on
     * the master's thread before each reload; it may look at files but starts nothing.
     *
     * @param settings all settings
     * @param runtime where the processes meet the master
     * @return the command, or empty when there is no application to load
     * @throws io.juwsgi.config.ConfigException when the settings name an application that cannot be loaded; the message
     *     is one line for the user
     */
    Optional<ZygoteCommand> zygote(Settings settings, WorkerRuntime runtime);
}
