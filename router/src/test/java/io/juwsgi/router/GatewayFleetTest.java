package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import io.juwsgi.router.upstream.UpstreamConfig;
import io.juwsgi.spi.Controllable;
import io.juwsgi.spi.balance.FleetLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A gateway that keeps to the share of an endpoint's limit that it is given. */
class GatewayFleetTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String SHARED =
            "name=app,protocol=http,max-requests=3,fleet=test,queue=10,queue-time=60s,servers=";

    /** Gives what a test says. */
    private static final class Given implements FleetLimits {
        private volatile int share;
        private volatile @Nullable Claim last;
        private final Map<String, Claim> lastOf = new ConcurrentHashMap<>();
        private final BlockingQueue<String> released = new LinkedBlockingQueue<>();

        /** Begins with a share; below 0 for nobody who can be asked. */
        Given(int share) {
            this.share = share;
        }

        @Override
        public Duration interval() {
            return Duration.ofMillis(10);
        }

        @Override
        public CompletionStage<Integer> claim(Claim claim) {
            last = claim;
            lastOf.put(claim.endpoint(), claim);
            int now = share;
            return now < 0
                    ? CompletableFuture.failedStage(new IllegalStateException("nobody there"))
                    : CompletableFuture.completedStage(now);
        }

        @Override
        public CompletionStage<@Nullable Void> release(String upstream, String endpoint) {
            released.add(upstream + " " + endpoint);
            return CompletableFuture.completedStage(null);
        }

        /** Waits until a claim says that so much is wanted. */
        void awaitWanted(int least) throws InterruptedException {
            until(() -> last != null && last.wanted() >= least);
        }

        void awaitRelease(String text) throws InterruptedException {
            assertThat(released.poll(30, TimeUnit.SECONDS)).isEqualTo(text);
        }
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    private final CountDownLatch go = new CountDownLatch(1);

    private FakeServer held() {
        return new FakeServer(peer -> {
            for (String head = peer.head(); head != null; head = peer.head()) {
                heads.add(head);
                go.await();
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone");
            }
        });
    }

    private static RouterFixture gateway(FleetLimits limits, FakeServer server) {
        return RouterFixture.fleet(limits, "upstreams=" + SHARED + server.address(), "routes=name=all,upstream=app");
    }

    private static int share(RouterFixture gateway) {
        return gateway.router
                .upstreamStats()
                .getFirst()
                .endpoints()
                .getFirst()
                .fleetShare()
                .orElseThrow();
    }

    private void awaitHeads(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            assertThat(heads.poll(30, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void theShareBoundsWhatIsUnderWayAndMoreIsServedWhenItGrows() throws Exception {
        Given limits = new Given(1);
        List<Wire> clients = new ArrayList<>();
        try (FakeServer server = held();
                RouterFixture gateway = gateway(limits, server)) {
            for (int i = 0; i < 4; i++) {
                clients.add(gateway.connect().send(GET));
            }
            limits.awaitWanted(4);
            awaitHeads(1);
            assertThat(heads).as("the others wait").isEmpty();
            limits.share = 3;
            awaitHeads(2);
            until(() -> share(gateway) == 3);
            limits.share = 0;
            until(() -> share(gateway) == 0);
            assertThat(limits.last)
                    .isEqualTo(new FleetLimits.Claim("app", server.address(), 3, 3, limits.last.wanted()));
            go.countDown();
            until(() -> limits.last.held() == 0);
            assertThat(heads).as("one waits on").isEmpty();
            limits.share = 1;
            for (Wire client : clients) {
                assertThat(client.response()).endsWith("done");
            }
        } finally {
            for (Wire client : clients) {
                client.close();
            }
        }
    }

    @Test
    void withNobodyToAskTheLimitIsOnesOwn() throws Exception {
        Given limits = new Given(-1);
        List<Wire> clients = new ArrayList<>();
        try (FakeServer server = held();
                RouterFixture gateway = gateway(limits, server)) {
            until(() -> share(gateway) == 3);
            for (int i = 0; i < 4; i++) {
                clients.add(gateway.connect().send(GET));
            }
            awaitHeads(3);
            limits.awaitWanted(4);
            assertThat(heads).isEmpty();
            assertThat(limits.last.held()).as("nobody has given it anything").isEqualTo(3);
            limits.share = 2;
            until(() -> share(gateway) == 2);
            limits.share = -1;
            go.countDown();
            for (Wire client : clients) {
                assertThat(client.response()).endsWith("done");
            }
            assertThat(share(gateway)).as("what was given stays").isEqualTo(2);
        } finally {
            for (Wire client : clients) {
                client.close();
            }
        }
    }

    @Test
    void whoLeavesGivesBackWhenItsRequestsAreOver() throws Exception {
        Given limits = new Given(2);
        try (FakeServer server = held();
                FakeServer other = held()) {
            try (RouterFixture gateway = gateway(limits, server);
                    Wire client = gateway.connect()) {
                client.send(GET);
                awaitHeads(1);
                control(gateway, "add", other);
                control(gateway, "remove", server);
                until(() -> limits.lastOf.containsKey(other.address())
                        && limits.lastOf.get(server.address()).wanted() == 0);
                assertThat(limits.released).isEmpty();
                go.countDown();
                assertThat(client.response()).endsWith("done");
                limits.awaitRelease("app " + server.address());
            }
            limits.awaitRelease("app " + other.address());
        }
    }

    private static void control(RouterFixture gateway, String word, FakeServer server) throws Exception {
        gateway.router.offering(Controllable.class).getFirst().control(List.of(word, "app", server.address()));
    }

    @Test
    void aLimitThatIsNotThereCannotBeShared() {
        assertThatThrownBy(() ->
                        UpstreamConfig.of(RouterFixture.settings("upstreams=name=app,fleet=test,servers=127.0.0.1:1")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("fleet: test (expected: max-requests too, which is shared)");
        assertThat(UpstreamConfig.of(RouterFixture.settings("upstreams=" + SHARED + "127.0.0.1:1"))
                        .named())
                .anyMatch(one -> one.id().equals("fleet-test"));
    }
}
