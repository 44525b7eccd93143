package io.juwsgi.router;

import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import io.juwsgi.router.listener.CapOptions;
import io.juwsgi.router.proxy.ProxyOptions;
import io.juwsgi.router.spool.BufferingOptions;
import io.juwsgi.router.tls.TlsOptions;
import io.juwsgi.router.upstream.UpstreamConfig;
import io.juwsgi.router.worker.PoolSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The options that the data plane acts on. */
public final class RouterOptions {
    static final Option<List<String>> HTTP = Option.list("http")
            .placeholder("ADDRESS")
            .area("http")
            .doc("serve HTTP on ADDRESS (host:port, :port or a Unix socket's path)");
    static final Option<List<String>> HTTP_SOCKET = Option.list("http-socket")
            .alias("http11-socket")
            .placeholder("ADDRESS")
            .area("http")
            .doc("serve HTTP on ADDRESS, for use behind a proxy");
    static final Option<List<String>> SOCKET = Option.list("socket")
            .shortName('s')
            .placeholder("ADDRESS")
            .area("socket")
            .doc(
                    "serve the uwsgi protocol, or the one that protocol names, on ADDRESS: for nginx, Apache and others in front");
    static final Option<List<String>> UWSGI_SOCKET = Option.list("uwsgi-socket")
            .placeholder("ADDRESS")
            .area("socket")
            .doc("serve the uwsgi protocol on ADDRESS, whatever protocol says");
    static final Option<List<String>> FRONT_SOCKET = Option.list("front-socket")
            .placeholder("NAME=ADDRESS")
            .area("socket")
            .doc(
                    "serve the protocol that a plugin brings as NAME on ADDRESS; juwsgi plugins lists the protocol fronts");
    static final Option<Optional<String>> PROTOCOL = Option.text("protocol")
            .alias("socket-protocol")
            .placeholder("uwsgi|http")
            .area("socket")
            .shownDefault("uwsgi")
            .doc("the protocol of addresses given by socket");
    static final Option<Integer> SOCKET_TIMEOUT = Option.integer("socket-timeout", 0)
            .shortName('z')
            .placeholder("SECONDS")
            .area("limits")
            .doc("what http-timeout is, for the listeners whose option ends in socket; 0 is http-timeout itself");
    static final Option<List<String>> METRICS = Option.list("metrics")
            .placeholder("ADDRESS")
            .area("stats")
            .doc("tell the server's numbers to Prometheus on ADDRESS, at the path /metrics");
    static final Option<Integer> HTTP_MODIFIER1 = Option.integer("http-modifier1", 0)
            .area("http")
            .doc("modifier1 of the requests of HTTP listeners: which language answers");
    static final Option<Integer> HTTP_MODIFIER2 = Option.integer("http-modifier2", 0)
            .area("http")
            .doc("modifier2 of the requests of HTTP listeners: a detail for the language");
    static final Option<Integer> HTTP_SOCKET_MODIFIER1 = Option.integer("http-socket-modifier1", 0)
            .area("http")
            .doc("modifier1 of the requests of http-socket listeners: which language answers");
    static final Option<Integer> HTTP_SOCKET_MODIFIER2 = Option.integer("http-socket-modifier2", 0)
            .area("http")
            .doc("modifier2 of the requests of http-socket listeners: a detail for the language");
    static final Option<Integer> WEBSOCKETS_MAX_SIZE = Option.integer("websockets-max-size", 1024)
            .alias("websocket-max-size")
            .placeholder("KIBIBYTES")
            .area("http")
            .doc("largest message of a WebSocket in KiB; a larger one closes it with code 1009");
    static final Option<Integer> WEBSOCKETS_PING_FREQ = Option.integer("websockets-ping-freq", 30)
            .alias("websocket-ping-freq")
            .placeholder("SECONDS")
            .area("http")
            .doc("seconds after which a silent WebSocket client is sent a ping");
    static final Option<Integer> WEBSOCKETS_PONG_TOLERANCE = Option.integer("websockets-pong-tolerance", 3)
            .alias("websocket-pong-tolerance")
            .placeholder("SECONDS")
            .area("http")
            .doc("seconds that a WebSocket client may be silent after a ping");
    static final Option<Optional<String>> WEBSOCKETS_DEFLATE = Option.text("websockets-deflate")
            .placeholder("on|off|context")
            .area("http")
            .shownDefault("on")
            .doc("compress the messages of WebSockets (permessage-deflate) when the client can: each by itself, "
                    + "or in the context of those before it for some 300 KiB a WebSocket");
    static final Option<Integer> WEBSOCKETS_DEFLATE_MIN = Option.integer("websockets-deflate-min", 512)
            .placeholder("BYTES")
            .area("http")
            .doc("send messages of a WebSocket that are shorter as they are");
    static final Option<Optional<String>> CHMOD_SOCKET = Option.text("chmod-socket")
            .shortName('C')
            .alias("chmod")
            .optionalArgument()
            .placeholder("MODE")
            .area("socket")
            .doc("give Unix sockets this octal mode (666 without a value)");
    static final Option<Optional<String>> CHOWN_SOCKET = Option.text("chown-socket")
            .placeholder("USER:GROUP")
            .area("socket")
            .doc("give Unix sockets to this user and group");
    static final Option<Boolean> VACUUM =
            Option.flag("vacuum").area("socket").doc("remove Unix sockets and pid files at exit");
    static final Option<Integer> LISTEN = Option.integer("listen", 1024)
            .shortName('l')
            .area("socket")
            .doc("how many connections may wait to be accepted");
    static final Option<Integer> BUFFER_SIZE = Option.integer("buffer-size", 65_535)
            .shortName('b')
            .area("limits")
            .doc("largest request head in bytes; a larger one is answered with 431");
    static final Option<Long> LIMIT_POST = Option.size("limit-post", 0)
            .placeholder("BYTES")
            .area("limits")
            .doc("largest request body in bytes, 0 for no limit; a larger one is answered with 413");
    static final Option<Integer> HTTP_TIMEOUT = Option.integer("http-timeout", 60)
            .placeholder("SECONDS")
            .area("limits")
            .doc("seconds without progress after which a client's connection is given up");
    static final Option<Integer> HTTP_BODY_MIN_RATE = Option.integer("http-body-min-rate", 240)
            .placeholder("BYTES")
            .area("limits")
            .doc("bytes of a request's body that a client must send in a second on the average, 0 for no demand");
    static final Option<Integer> HTTP_RESPONSE_MIN_RATE = Option.integer("http-response-min-rate", 240)
            .placeholder("BYTES")
            .area("limits")
            .doc("bytes of a response that a client must take in a second on the average, 0 for no demand");
    static final Option<Integer> HTTP_MIN_RATE_GRACE = Option.integer("http-min-rate-grace", 20)
            .placeholder("SECONDS")
            .area("limits")
            .doc("seconds that a client may be slower than the minimum rates at first");
    static final Option<Integer> HTTP_KEEPALIVE = Option.integer("http-keepalive", 75)
            .optionalArgument()
            .placeholder("SECONDS")
            .area("http")
            .doc("seconds that an idle HTTP connection is kept open");
    static final Option<Boolean> HTTP2 = Option.flag("http2")
            .area("http")
            .shownDefault("true")
            .doc("speak HTTP/2 with clients that ask for it, by ALPN or by beginning with it; on unless turned off");
    static final Option<Integer> HTTP_PROCESSES = Option.integer("http-processes", 0)
            .alias("http-workers")
            .area("http")
            .doc("how many event loop threads carry connections (default: one for each four processors)");
    static final Option<Integer> HARAKIRI = Option.integer("harakiri", 0)
            .shortName('t')
            .placeholder("SECONDS")
            .area("limits")
            .doc("seconds that a request may take before it is answered with 504 and its worker is replaced");
    static final Option<Integer> HARAKIRI_GRACEFUL_TIMEOUT = Option.integer("harakiri-graceful-timeout", 2)
            .placeholder("SECONDS")
            .area("limits")
            .doc("seconds that a worker may take to come back from an interrupted request before it is replaced");
    static final Option<Boolean> HARAKIRI_VERBOSE = Option.flag("harakiri-verbose")
            .area("limits")
            .doc("tell also what every thread of the process and the kernel do when a request runs into its deadline");
    static final Option<Integer> QUEUE_LIMIT = Option.integer("queue-limit", PoolSettings.DEFAULT_QUEUE_LIMIT)
            .placeholder("NUMBER")
            .area("limits")
            .doc("how many requests may wait for a worker; further ones are answered with 503 at once");
    static final Option<Integer> QUEUE_TIMEOUT = Option.integer("queue-timeout", 30)
            .placeholder("SECONDS")
            .area("limits")
            .doc("seconds that a request may wait for a worker before it is answered with 503, 0 for no limit");
    static final Option<Integer> MAX_REQUESTS = Option.integer("max-requests", 0)
            .shortName('R')
            .area("process")
            .doc("replace a worker after it has served this many requests");
    static final Option<Integer> MAX_REQUESTS_DELTA = Option.integer("max-requests-delta", 0)
            .area("process")
            .doc("add this many requests, times the worker's number, to max-requests");

    static final Option<Integer> LOCKS = Option.integer("locks", 0)
            .placeholder("NUMBER")
            .area("other")
            .doc("how many locks applications have beside number 0, for uwsgi.lock(NUMBER)");

    private RouterOptions() {}

    /** Returns all of them, for the option registry. */
    public static List<Option<?>> all() {
        List<Option<?>> all = new ArrayList<>(List.of(
                HTTP,
                HTTP_SOCKET,
                SOCKET,
                UWSGI_SOCKET,
                FRONT_SOCKET,
                PROTOCOL,
                SOCKET_TIMEOUT,
                METRICS,
                WEBSOCKETS_MAX_SIZE,
                WEBSOCKETS_PING_FREQ,
                WEBSOCKETS_PONG_TOLERANCE,
                WEBSOCKETS_DEFLATE,
                WEBSOCKETS_DEFLATE_MIN,
                HTTP_MODIFIER1,
                HTTP_MODIFIER2,
                HTTP_SOCKET_MODIFIER1,
                HTTP_SOCKET_MODIFIER2,
                CHMOD_SOCKET,
                CHOWN_SOCKET,
                VACUUM,
                LISTEN,
                BUFFER_SIZE,
                LIMIT_POST,
                HTTP_TIMEOUT,
                HTTP_BODY_MIN_RATE,
                HTTP_RESPONSE_MIN_RATE,
                HTTP_MIN_RATE_GRACE,
                HTTP_KEEPALIVE,
                HTTP2,
                HTTP_PROCESSES,
                HARAKIRI,
                HARAKIRI_GRACEFUL_TIMEOUT,
                HARAKIRI_VERBOSE,
                QUEUE_LIMIT,
                QUEUE_TIMEOUT,
                MAX_REQUESTS,
                MAX_REQUESTS_DELTA,
                LOCKS));
        all.addAll(AccessLogOptions.all());
        all.addAll(TlsOptions.all());
        all.addAll(ProxyOptions.all());
        all.addAll(CapOptions.all());
        all.addAll(BufferingOptions.all());
        all.addAll(ErrorPageOptions.all());
        return List.copyOf(all);
    }

    /** Returns those that are only looked at when the router is made: what {@link Router#adopt} does not take over. */
    public static List<Option<?>> fixed() {
        List<Option<?>> fixed = new ArrayList<>(all());
        fixed.removeAll(List.of(
                BUFFER_SIZE,
                LIMIT_POST,
                HTTP_TIMEOUT,
                HTTP_KEEPALIVE,
                HTTP_BODY_MIN_RATE,
                HTTP_RESPONSE_MIN_RATE,
                HTTP_MIN_RATE_GRACE,
                WEBSOCKETS_MAX_SIZE,
                WEBSOCKETS_PING_FREQ,
                WEBSOCKETS_PONG_TOLERANCE,
                WEBSOCKETS_DEFLATE,
                WEBSOCKETS_DEFLATE_MIN,
                HARAKIRI,
                HARAKIRI_GRACEFUL_TIMEOUT,
                HARAKIRI_VERBOSE,
                QUEUE_LIMIT,
                QUEUE_TIMEOUT,
                MAX_REQUESTS,
                MAX_REQUESTS_DELTA));
        fixed.removeAll(AccessLogOptions.all());
        fixed.removeAll(ErrorPageOptions.all());
        return fixed;
    }

    /** Returns whether a listener or a connection to another server is encrypted. */
    public static boolean tlsWanted(Settings settings) {
        return TlsOptions.wanted(settings) || UpstreamConfig.of(settings).wantsTls();
    }
}
