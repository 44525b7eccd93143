package io.juwsgi.router;

import io.juwsgi.config.Option;
import io.juwsgi.config.Origin;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import io.juwsgi.router.listener.Transport;
import io.juwsgi.router.proxy.ProxyOptions;
import io.juwsgi.router.upstream.UpstreamConfig;
import io.juwsgi.router.upstream.UpstreamOptions;
import io.juwsgi.router.upstream.UpstreamParts;
import io.juwsgi.spi.balance.FleetLimits;
import io.juwsgi.spi.balance.HealthCheck;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.front.ProtocolFront;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A router on free ports with its log lines. */
final class RouterFixture implements AutoCloseable {
    final Router router;
    final List<BoundListener> listeners;
    final BlockingQueue<String> log = new LinkedBlockingQueue<>();

    /** Starts one; settings are written {@code name=value}. */
    RouterFixture(Handler handler, String... settings) {
        this(Transport.best(), handler, settings);
    }

    RouterFixture(Transport transport, Handler handler, String... settings) {
        this(transport, handler, parts(Map.of(), Map.of()), Map.of(), settings);
    }

    private RouterFixture(
            Transport transport,
            Handler handler,
            UpstreamParts parts,
            Map<String, ProtocolFront> fronts,
            String... settings) {
        Settings decoded = settings(settings);
        router = new Router(decoded, log::add, transport);
        router.handler(0, handler);
        router.upstreams(UpstreamConfig.of(decoded), parts);
        fronts.forEach(router::front);
        listeners = router.bind();
    }

    private static UpstreamParts parts(Map<String, HealthCheck> checks, Map<String, FleetLimits> fleets) {
        return new UpstreamParts(Map.of("balance-round-robin", random -> new InTurn()), checks, Map.of(), fleets);
    }

    static Settings settings(String... texts) {
        List<Setting> all = new ArrayList<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            Option<?> option = Stream.of(RouterOptions.all(), UpstreamOptions.all(), ProxyOptions.all())
                    .flatMap(List::stream)
                    .filter(o -> o.name().equals(text.substring(0, equals)))
                    .findFirst()
                    .orElseThrow();
            all.add(new Setting(option, text.substring(equals + 1), Origin.COMMAND_LINE));
        }
        return new Settings(all);
    }

    static RouterFixture http(Handler handler, String... more) {
        String[] all = new String[more.length + 1];
        all[0] = "http=127.0.0.1:0";
        System.arraycopy(more, 0, all, 1, more.length);
        return new RouterFixture(handler, all);
    }

    /** Starts one with health checks for its upstreams. */
    static RouterFixture gateway(Map<String, HealthCheck> checks, String... more) {
        String[] all = new String[more.length + 1];
        all[0] = "http=127.0.0.1:0";
        System.arraycopy(more, 0, all, 1, more.length);
        return new RouterFixture(
                Transport.best(), Apps.text("own application"), parts(checks, Map.of()), Map.of(), all);
    }

    /** Starts one whose upstreams may say {@code fleet=test}. */
    static RouterFixture fleet(FleetLimits limits, String... more) {
        String[] all = new String[more.length + 1];
        all[0] = "http=127.0.0.1:0";
        System.arraycopy(more, 0, all, 1, more.length);
        return new RouterFixture(
                Transport.best(),
                Apps.text("own application"),
                parts(Map.of(), Map.of("fleet-test", limits)),
                Map.of(),
                all);
    }

    /** Starts one whose first listener speaks a plugin's protocol. */
    static RouterFixture front(ProtocolFront front, Handler handler, String... more) {
        String[] all = new String[more.length + 1];
        all[0] = "front-socket=plain=127.0.0.1:0";
        System.arraycopy(more, 0, all, 1, more.length);
        return new RouterFixture(Transport.best(), handler, parts(Map.of(), Map.of()), Map.of("plain", front), all);
    }

    static RouterFixture uwsgi(Handler handler, String... more) {
        String[] all = new String[more.length + 1];
        all[0] = "socket=127.0.0.1:0";
        System.arraycopy(more, 0, all, 1, more.length);
        return new RouterFixture(handler, all);
    }

    int port() {
        return listeners.getFirst().port();
    }

    Wire connect() {
        return Wire.tcp(port());
    }

    String logLine() throws InterruptedException {
        String line = log.poll(20, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("no log line within 20 s");
        }
        return line;
    }

    @Override
    public void close() {
        router.close();
    }
}
