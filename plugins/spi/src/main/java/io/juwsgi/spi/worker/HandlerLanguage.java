package io.juwsgi.spi.worker;

import io.juwsgi.config.Settings;
import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.extension.Context;
import java.util.Optional;
import java.util.Set;

/**
 * A language whose applications the plugin answers for itself: it needs no zygote and no workers, as {@link
 * ApplicationLanguage} does. CGI is one.
 */
public interface HandlerLanguage {

    /** Returns the language's id, such as {@code cgi}. */
    String name();

    /** Returns the values of modifier1 whose requests go to this language's application, such as 9. */
    Set<Integer> modifiers();

    /**
     * Makes what answers for the configured application; it is started and closed as a filter or handler is. Called on the
     * main thread, once.
     *
     * @param settings all settings
     * @param context what the server lends to the language
     * @return the handler, or empty when there is no application: its values of modifier1 are then nobody's
     * @throws io.juwsgi.config.ConfigException when the settings name an application that cannot be served; the message
     *     is one line for the user
     */
    Optional<BlockingHandler> handler(Settings settings, Context context);
}
