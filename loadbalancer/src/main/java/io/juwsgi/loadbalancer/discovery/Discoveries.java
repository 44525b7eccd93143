package io.juwsgi.loadbalancer.discovery;

import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.extension.Extension;

/** Registers the discoveries that look again and again. */
public final class Discoveries {

    /** Discovery by SRV records has the options of {@code dns}. */
    record NoSettings() {}

    private Discoveries() {}

    /** Adds {@code dns:NAME:PORT}, {@code srv:NAME} and {@code file:PATH}. */
    public static void register(Extensions extensions) {
        extensions.discovery(new Extension<>(
                "dns", DnsSettings.class, (settings, context) -> DnsDiscovery.ofAddresses(settings, context.logger())));
        extensions.discovery(new Extension<>(
                "srv",
                NoSettings.class,
                (settings, context) -> DnsDiscovery.ofServices(DnsSettings.of(context.settings()), context.logger())));
        extensions.discovery(new Extension<>(
                "file", FileSettings.class, (settings, context) -> settings.discovery(context.logger())));
    }
}
