package io.juwsgi.plugin.redis;

import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.Standing;
import io.juwsgi.spi.extension.Extension;
import java.util.List;

/** Brings the cache store {@code redis}, the registry of servers in Redis, and limits that gateways share there. */
public final class RedisPlugin implements Plugin {

    /** Makes the plugin; {@link #register} does the work. */
    public RedisPlugin() {}

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public void register(Extensions extensions) {
        extensions.cacheStore(new Extension<>("redis", RedisSettings.class, RedisStore::new));
        extensions.options(RegistryOptions.all());
        extensions.discovery(new Extension<>("registry", DiscoverSettings.class, RegistryDiscovery::new));
        extensions.fleetLimits(new Extension<>("redis", FleetSettings.class, RedisFleet::new));
        extensions.service(new Extension<>(
                "redis-registrar",
                RegistrarSettings.class,
                (settings, context) -> Registrar.of(context),
                List.of(RegistryOptions.REGISTER_TO)));
    }

    @Override
    public Standing standing() {
        return new Standing(Standing.Status.STABLE, Standing.Trust.HARDENED);
    }
}
