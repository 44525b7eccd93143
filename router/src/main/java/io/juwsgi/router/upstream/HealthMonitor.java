package io.juwsgi.router.upstream;

import io.juwsgi.spi.balance.CheckTarget;
import io.juwsgi.spi.balance.HealthCheck;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;

/** Asks one endpoint again and again whether it is well, on a virtual thread of its own, until it is closed. */
final class HealthMonitor implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HealthMonitor.class.getName());

    private final Upstream upstream;
    private final UpstreamEndpoint endpoint;
    private final HealthCheck check;
    private final CheckTarget target;
    private final Thread thread;
    private int good;
    private int bad;

    private HealthMonitor(Upstream upstream, UpstreamEndpoint endpoint, HealthCheck check) {
        this.upstream = upstream;
        this.endpoint = endpoint;
        this.check = check;
        UpstreamSettings settings = upstream.settings();
        this.target = new CheckTarget(
                endpoint.address(),
                endpoint.where().socket(),
                settings.checkPath(),
                settings.checkHost(),
                settings.checkTimeout(),
                () -> connect(endpoint, settings.proxyProtocol()));
        this.thread = Thread.ofVirtual().name("juwsgi-health").unstarted(this::watch);
    }

    private static ByteChannel connect(UpstreamEndpoint to, ProxyProtocol announced) throws IOException {
        SocketChannel channel = SocketChannel.open(to.where().socket());
        ByteBuffer own = ByteBuffer.wrap(announced.own());
        while (own.hasRemaining()) {
            channel.write(own);
        }
        return to.tls().isPresent() ? new TlsByteChannel(channel, to.tls().get().engine()) : channel;
    }

    static HealthMonitor start(Upstream upstream, UpstreamEndpoint endpoint, HealthCheck check) {
        HealthMonitor monitor = new HealthMonitor(upstream, endpoint, check);
        monitor.thread.start();
        return monitor;
    }

    private void watch() {
        try {
            while (true) {
                String wrong = ask();
                if (wrong.isEmpty()) {
                    wasWell();
                } else {
                    wasIll(wrong);
                }
                Thread.sleep(pause());
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "endpoint=" + endpoint + " is not watched any more");
        }
    }

    /** A tenth more or less, so that endpoints are not asked all at the same moment. */
    private Duration pause() {
        long millis = upstream.settings().checkInterval().toMillis();
        return Duration.ofMillis(
                millis - millis / 10 + ThreadLocalRandom.current().nextLong(Math.max(1, millis / 5)));
    }

    /** Returns what is wrong, or an empty text. */
    private String ask() throws InterruptedException {
        AtomicReference<String> answer =
                new AtomicReference<>("no answer in " + target.timeout().toMillis() + " ms");
        Thread asking = Thread.ofVirtual().name("juwsgi-health-check").start(() -> {
            try {
                check.check(target);
                answer.set("");
            } catch (InterruptedException e) {
                // The time is up: the text for that is there already.
            } catch (Exception e) {
                answer.compareAndSet(answer.get(), String.valueOf(e.getMessage()));
            }
        });
        try {
            if (asking.join(target.timeout())) {
                return Objects.requireNonNull(answer.get());
            }
            return "no answer in " + target.timeout().toMillis() + " ms";
        } finally {
            asking.interrupt();
        }
    }

    private void wasWell() {
        bad = 0;
        good++;
        endpoint.recovering(true);
        if (endpoint.down() && good >= upstream.settings().rise()) {
            endpoint.down(false);
            endpoint.startSlowly(System.nanoTime());
            LOG.log(Level.INFO, "upstream={0} endpoint={1} is well again", upstream.name(), endpoint.address());
        }
    }

    private void wasIll(String wrong) {
        good = 0;
        bad++;
        endpoint.recovering(false);
        if (!endpoint.down() && bad >= upstream.settings().fall()) {
            endpoint.down(wrong);
            LOG.log(
                    Level.WARNING,
                    "upstream={0} endpoint={1} is down: {2} ({3} checks)",
                    upstream.name(),
                    endpoint.address(),
                    wrong,
                    String.valueOf(bad));
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
