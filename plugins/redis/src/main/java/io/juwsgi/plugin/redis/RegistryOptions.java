package io.juwsgi.plugin.redis;

import io.juwsgi.config.Option;
import java.util.List;

/** What instances say of themselves in Redis. */
final class RegistryOptions {
    static final Option<List<String>> REGISTER_TO = Option.list("register-to")
            .placeholder("[ADDRESS=]NAME[ weight=N][ zone=ZONE][ backup]")
            .area("lb")
            .doc("register this server's first socket, or ADDRESS, in Redis, for upstreams with registry:NAME");
    static final Option<Integer> REGISTER_TTL = Option.integer("register-ttl", 15)
            .placeholder("SECONDS")
            .area("lb")
            .doc(
                    "seconds after which a server is left out that does not register again; it does so three times as often");

    private RegistryOptions() {}

    static List<Option<?>> all() {
        return List.of(REGISTER_TO, REGISTER_TTL);
    }
}
