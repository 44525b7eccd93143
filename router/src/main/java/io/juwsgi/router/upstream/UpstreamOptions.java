package io.juwsgi.router.upstream;

import io.juwsgi.config.Option;
import java.util.List;

/** The options that the gateway acts on. */
public final class UpstreamOptions {
    static final Option<List<String>> UPSTREAMS = Option.sections("upstreams")
            .area("lb")
            .doc("a group of servers that answer requests: name=NAME,servers=ADDRESS|ADDRESS,... (docs/upstreams.md)");
    static final Option<List<String>> ROUTES = Option.sections("routes")
            .area("lb")
            .doc("which requests go to which upstream: name=NAME,path=/PATH,host=HOST,upstream=NAME");
    static final Option<List<String>> HTTP_TO = Option.list("http-to")
            .placeholder("ADDRESS")
            .area("lb")
            .doc(
                    "pass requests of http listeners on to this server, over the uwsgi protocol unless http:// is in front");
    static final Option<Integer> HTTP_CONNECT_TIMEOUT = Option.integer("http-connect-timeout", 5)
            .placeholder("SECONDS")
            .area("limits")
            .doc("seconds to connect to a server of http-to");
    static final Option<Integer> HTTP_GRACETIME = Option.integer("http-gracetime", 10)
            .placeholder("SECONDS")
            .area("lb")
            .doc("seconds for which a server of http-to that fails again and again is left alone at first");
    static final Option<Boolean> HTTP_BACKEND_HTTP =
            Option.flag("http-backend-http").area("http").doc("speak HTTP to the servers of http-to");

    static final Option<Boolean> HTTP_WEBSOCKETS = Option.flag("http-websockets")
            .area("http")
            .doc("pass WebSockets on to the servers of http-to");

    private UpstreamOptions() {}

    /** Returns all of them, for the option registry. */
    public static List<Option<?>> all() {
        return List.of(UPSTREAMS, ROUTES, HTTP_TO, HTTP_CONNECT_TIMEOUT, HTTP_GRACETIME, HTTP_BACKEND_HTTP, HTTP_WEBSOCKETS);
    }
}
