package io.juwsgi.spi.tls;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.spi.extension.LifeCycle;

/**
 * Prepares TLS for listeners: reads keys and certificates, wherever they are kept, and makes engines that use them. One
 * provider is active at a time, and only when a listener or an upstream speaks TLS.
 */
public interface TlsProvider extends LifeCycle {

    /**
     * Prepares one listener. Called on the main thread, after {@link #start}, once for each listener.
     *
     * @param listener what the configuration says about the listener
     * @param settings everything that was configured, for options that the plugin registered under names of their own
     * @return what makes the engines of its connections
     * @throws io.juwsgi.config.ConfigException when keys or certificates are missing or do not fit; the server does not
     *     start, and says why with the message
     */
    TlsContext context(TlsListener listener, Settings settings);

    /**
     * Prepares connections to other servers. Called on the main thread, after {@link #start}, once for each group of them.
     *
     * @param destination what the configuration says about them
     * @param settings everything that was configured
     * @return what makes the engines of connections to them
     * @throws ConfigException when keys or certificates are missing or do not fit, or when the provider has TLS for
     *     listeners alone, which is what this method says if it is not overridden
     */
    default TlsClientContext client(TlsDestination destination, Settings settings) {
        throw new ConfigException(
                destination.name() + ": what brings TLS has none for connections to other servers (expected: another)");
    }
}
