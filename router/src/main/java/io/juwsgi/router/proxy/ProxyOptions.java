package io.juwsgi.router.proxy;

import io.juwsgi.config.Option;
import java.util.List;
import java.util.Optional;

/** The options for servers that stand behind a proxy. */
public final class ProxyOptions {
    private static final String AREA = "proxy";

    static final Option<List<String>> TRUSTED = Option.list("trusted-proxies")
            .placeholder("NETWORKS")
            .area(AREA)
            .shownDefault("127.0.0.0/8,::1")
            .doc("believe what proxies in these networks say about their clients; Unix sockets are always believed");
    static final Option<Optional<String>> FIELDS = Option.text("forwarded-fields")
            .placeholder("KIND")
            .area(AREA)
            .shownDefault("x-forwarded")
            .doc("what trusted proxies send: x-forwarded, forwarded (RFC 7239) or none; the other kind is dropped");
    static final Option<Boolean> PROXY_PROTOCOL = Option.flag("enable-proxy-protocol")
            .alias("http-enable-proxy-protocol")
            .area(AREA)
            .doc("connections of trusted proxies to HTTP listeners begin with a PROXY header, version 1 or 2");

    private ProxyOptions() {}

    /** Returns all of them, for the option registry. */
    public static List<Option<?>> all() {
        return List.of(TRUSTED, FIELDS, PROXY_PROTOCOL);
    }
}
