package io.juwsgi.loadbalancer.subscription;

import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.extension.Extension;
import java.util.List;

/** Registers both sides of uWSGI's subscription protocol. */
public final class Subscriptions {

    /** The extensions have no options of their own: uWSGI's are used. */
    record NoSettings() {}

    private Subscriptions() {}

    /** Adds the discovery {@code subscription:ADDRESS}, and the service that announces this server. */
    public static void register(Extensions extensions) {
        extensions.options(SubscriptionOptions.all());
        extensions.discovery(new Extension<>(
                "subscription",
                NoSettings.class,
                (settings, context) -> new SubscriptionDiscovery(context.settings(), context.logger())));
        extensions.service(new Extension<>(
                "subscriber",
                NoSettings.class,
                (settings, context) -> new Subscriber(context.settings(), context.logger()),
                List.of(SubscriptionOptions.SUBSCRIBE_TO, SubscriptionOptions.SUBSCRIBE2)));
    }
}
