package io.juwsgi.router;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.router.front.PluggedConnection;
import io.juwsgi.router.front.PluggedFront;
import java.util.Map;

/** Binds the listeners whose protocol a plugin brings. Used on the main thread. */
final class PluggedListeners {
    private final Settings settings;
    private final Map<String, PluggedFront> fronts;
    private final TlsListeners.Opener opener;

    PluggedListeners(Settings settings, Map<String, PluggedFront> fronts, TlsListeners.Opener opener) {
        this.settings = settings;
        this.fronts = fronts;
        this.opener = opener;
    }

    void bind() {
        for (NamedFront named : NamedFront.of(settings)) {
            PluggedFront front = fronts.get(named.id());
            if (front == null) {
                throw new ConfigException(named.unknown(fronts.keySet()));
            }
            open(front, RouterOptions.FRONT_SOCKET.name(), named.address());
        }
        fronts.values()
                .forEach(front -> front.front()
                        .addresses()
                        .forEach((option, addresses) -> addresses.forEach(address -> open(front, option, address))));
    }

    private void open(PluggedFront plugged, String option, String address) {
        opener.open(
                option,
                plugged.id(),
                address,
                (channel, front, loop) -> new PluggedConnection(channel, front, loop, plugged));
    }
}
