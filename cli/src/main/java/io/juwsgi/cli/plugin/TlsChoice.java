package io.juwsgi.cli.plugin;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.router.RouterOptions;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Chooses the TLS provider: the one that is turned on, else the only one that is not turned off. */
final class TlsChoice {
    private TlsChoice() {}

    /**
     * Returns the provider that is to be made; empty when no listener speaks TLS.
     *
     * @throws ConfigException when there is none, or no way to tell which of several is meant
     */
    static Optional<Registered<?, ?>> of(Collection<Registered<?, ?>> extensions, Settings settings) {
        if (!RouterOptions.tlsWanted(settings)) {
            return Optional.empty();
        }
        List<Registered<?, ?>> providers = extensions.stream()
                .filter(e -> e.kind() instanceof Kind.Tls && !e.options().off(settings))
                .<Registered<?, ?>>map(e -> e)
                .toList();
        List<Registered<?, ?>> active =
                providers.stream().filter(e -> e.options().active(settings)).toList();
        List<Registered<?, ?>> chosen = active.isEmpty() ? providers : active;
        if (chosen.size() == 1) {
            return Optional.of(chosen.getFirst());
        }
        if (chosen.isEmpty()) {
            throw new ConfigException("https: no plugin that brings TLS is on (expected: one)");
        }
        throw new ConfigException("https: TLS can come from "
                + String.join(" or ", chosen.stream().map(TlsChoice::named).toList())
                + " (expected: one of them turned on, or all but one turned off)");
    }

    private static String named(Registered<?, ?> provider) {
        return provider.extension().id() + " of plugin " + provider.plugin();
    }
}
