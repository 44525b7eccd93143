package io.juwsgi.router.upstream;

import io.juwsgi.config.Option;
import java.util.List;
import java.util.Optional;

/** The options that the gateway acts on. */
public final class UpstreamOptions {
    static final Option<List<String>> UPSTREAMS = Option.sections("upstreams")
            .area("lb")
            .doc("a group of servers that answer requests: name=NAME,servers=ADDRESS|ADDRESS,... (docs/upstreams.md)");
    static final Option<List<String>> ROUTES = Option.sections("routes")
            .area("lb")
            .doc("which requests go to which upstream: name=NAME,path=/PATH,host=HOST,upstream=NAME");
    static final Option<Optional<String>> ZONE = Option.text("zone")
            .placeholder("NAME")
            .area("lb")
            .doc("the zone that this server is in: servers of upstreams with the same zone= are preferred");
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

    static final Option<Boolean> HTTP_WEBSOCKETS =
            Option.flag("http-websockets").area("http").doc("pass WebSockets on to the servers of http-to");

    static final Option<List<String>> HTTP_FALLBACK = Option.list("http-fallback")
            .placeholder("ADDRESS")
            .area("lb")
            .doc("pass requests of http listeners on to this server while no other can take them");
    static final Option<List<String>> HTTP_SUBSCRIPTIONS = Option.list("http-subscription-server")
            .placeholder("ADDRESS")
            .area("lb")
            .doc("take announcements of servers at this UDP or Unix address, for requests of http listeners");
    static final Option<Optional<String>> HTTP_FALLBACK_KEY = Option.text("http-subscription-fallback-key")
            .placeholder("KEY")
            .area("lb")
            .doc("the key of requests of http listeners for whose Host nobody has subscribed");

    /** Where the fastrouter listens. */
    public static final Option<List<String>> FASTROUTER = Option.list("fastrouter")
            .placeholder("ADDRESS")
            .area("lb")
            .doc("take uwsgi requests here and pass them on to servers of fastrouter-to and those that subscribe");

    static final Option<List<String>> FASTROUTER_TO = Option.list("fastrouter-to")
            .placeholder("ADDRESS")
            .area("lb")
            .doc("pass requests of the fastrouter on to this server");
    static final Option<List<String>> FASTROUTER_FALLBACK = Option.list("fastrouter-fallback")
            .placeholder("ADDRESS")
            .area("lb")
            .doc("pass requests of the fastrouter on to this server while no other can take them");
    static final Option<Integer> FASTROUTER_GRACETIME = Option.integer("fastrouter-gracetime", 10)
            .placeholder("SECONDS")
            .area("lb")
            .doc("seconds for which a server of the fastrouter that fails again and again is left alone at first");
    static final Option<Integer> FASTROUTER_TIMEOUT = Option.integer("fastrouter-timeout", 60)
            .placeholder("SECONDS")
            .area("limits")
            .doc("seconds that a server of the fastrouter may say nothing");
    static final Option<List<String>> FASTROUTER_SUBSCRIPTIONS = Option.list("fastrouter-subscription-server")
            .placeholder("ADDRESS")
            .area("lb")
            .doc("take announcements of servers at this UDP or Unix address, for requests of the fastrouter");
    static final Option<Optional<String>> FASTROUTER_FALLBACK_KEY = Option.text("fastrouter-subscription-fallback-key")
            .placeholder("KEY")
            .area("lb")
            .doc("the key of requests of the fastrouter for whose key nobody has subscribed");
    static final Option<Optional<String>> SUBSCRIPTION_ALGO = Option.text("subscription-algo")
            .shownDefault("wrr")
            .placeholder("NAME")
            .area("lb")
            .doc("how one of the servers with a key is picked: wrr, lrc, wlrc, iphash, or any other balancer");
    static final Option<Boolean> SUBSCRIPTION_DOTSPLIT = Option.flag("subscription-dotsplit")
            .area("lb")
            .doc("let the key .example.org stand for all names below example.org");

    private UpstreamOptions() {}

    /** Returns all of them, for the option registry. */
    public static List<Option<?>> all() {
        return List.of(
                UPSTREAMS,
                ROUTES,
                ZONE,
                HTTP_TO,
                HTTP_CONNECT_TIMEOUT,
                HTTP_GRACETIME,
                HTTP_BACKEND_HTTP,
                HTTP_WEBSOCKETS,
                HTTP_FALLBACK,
                HTTP_SUBSCRIPTIONS,
                HTTP_FALLBACK_KEY,
                FASTROUTER,
                FASTROUTER_TO,
                FASTROUTER_FALLBACK,
                FASTROUTER_GRACETIME,
                FASTROUTER_TIMEOUT,
                FASTROUTER_SUBSCRIPTIONS,
                FASTROUTER_FALLBACK_KEY,
                SUBSCRIPTION_ALGO,
                SUBSCRIPTION_DOTSPLIT);
    }
}
