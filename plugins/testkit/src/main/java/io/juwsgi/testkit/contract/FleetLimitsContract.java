package io.juwsgi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.juwsgi.spi.balance.FleetLimits;
import io.juwsgi.spi.balance.FleetLimits.Claim;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What the router relies on in limits that gateways share. The options name something that several gateways share, each of which
 * is a plugin of its own here, and forgets no gateway within a minute.
 */
public abstract class FleetLimitsContract extends PluginContract {
    private static final long PATIENCE_SECONDS = 30;

    private final List<PluginUnderTest> started = new ArrayList<>();
    private final List<Gateway> gateways = new ArrayList<>();
    private final String upstream = "app-" + System.nanoTime();

    /** For subclasses. */
    protected FleetLimitsContract() {}

    /** A gateway with as many requests under way as it may have and has use for. */
    private final class Gateway {
        private final PluginUnderTest plugin;
        private final FleetLimits limits;
        private final String endpoint;
        private int share;
        private int underWay;
        private int wanted;

        Gateway(PluginUnderTest plugin, String endpoint, int wanted) {
            this.plugin = plugin;
            this.limits = plugin.component(FleetLimits.class);
            this.endpoint = endpoint;
            this.wanted = wanted;
        }

        int held() {
            return Math.max(share, underWay);
        }

        void claim(int most) {
            try {
                share = limits.claim(new Claim(upstream, endpoint, most, held(), wanted))
                        .toCompletableFuture()
                        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError("a claim failed", e);
            }
        }
    }

    private Gateway gateway(int wanted) throws Exception {
        return gateway("10.0.0.1:80", wanted);
    }

    private Gateway gateway(String endpoint, int wanted) throws Exception {
        PluginUnderTest plugin = started();
        started.add(plugin);
        Gateway made = new Gateway(plugin, endpoint, wanted);
        Waiting.until("somebody to be asked", () -> answers(made.limits));
        gateways.add(made);
        return made;
    }

    /** What is shared may be connected to in its own time. */
    private boolean answers(FleetLimits limits) {
        CompletableFuture<?> claim = limits.claim(new Claim(upstream, "knock", 1000, 0, 0))
                .toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return claim.handle((share, thrown) -> thrown == null).join();
    }

    @AfterEach
    void close() {
        started.forEach(PluginUnderTest::close);
    }

    /** All claim in turns; what they hold stays within the limit. */
    private void rounds(int count, int most) {
        for (int i = 0; i < count; i++) {
            for (Gateway one : gateways) {
                one.claim(most);
                int all = gateways.stream().mapToInt(Gateway::held).sum();
                assertTrue(all <= Math.max(most, gateways.size()), all + " held of " + most);
            }
        }
    }

    private List<Integer> shares() {
        return gateways.stream().map(one -> one.share).sorted().toList();
    }

    /** Who is alone has the whole limit at once. */
    @Test
    public void aSingleGatewayGetsAll() throws Exception {
        Gateway one = gateway(3);
        one.claim(10);
        assertEquals(10, one.share);
        assertFalse(one.limits.interval().isNegative() || one.limits.interval().isZero());
    }

    /** Who wants more than there is gets as much as the others that do. */
    @Test
    public void whatAllWantIsDividedEvenly() throws Exception {
        gateway(100).claim(10);
        gateway(100);
        rounds(3, 10);
        assertEquals(List.of(5, 5), shares());
        gateway(100);
        rounds(3, 10);
        assertEquals(List.of(3, 3, 4), shares());
    }

    /** Who wants less than an even part leaves the rest to the others. */
    @Test
    public void whatOneDoesNotWantOthersGet() throws Exception {
        gateway(2);
        gateway(100);
        gateway(0);
        rounds(3, 10);
        assertEquals(List.of(1, 2, 7), shares());
    }

    /** What is under way cannot be taken from anybody. */
    @Test
    public void whatIsUnderWayIsNotGivenAway() throws Exception {
        Gateway busy = gateway(10);
        busy.claim(10);
        busy.underWay = 10;
        Gateway young = gateway(10);
        rounds(3, 10);
        assertEquals(5, busy.share);
        assertEquals(0, young.share);
        busy.underWay = 7;
        rounds(1, 10);
        young.claim(10);
        assertEquals(3, young.share);
    }

    /** Nobody is shut out. */
    @Test
    public void moreGatewaysThanRequestsHaveOneEach() throws Exception {
        for (int i = 0; i < 3; i++) {
            gateway(5);
            rounds(2, 2);
        }
        rounds(2, 2);
        assertEquals(List.of(1, 1, 1), shares());
    }

    /** What is given back is free at once, and so is all that a gateway had at its end. */
    @Test
    public void whatIsGivenBackOthersHaveAtOnce() throws Exception {
        Gateway one = gateway(10);
        Gateway two = gateway(10);
        Gateway three = gateway(10);
        rounds(3, 9);
        assertEquals(List.of(3, 3, 3), shares());
        one.limits.release(upstream, one.endpoint).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        gateways.remove(one);
        rounds(2, 9);
        assertEquals(List.of(4, 5), shares());
        two.plugin.close();
        gateways.remove(two);
        three.claim(9);
        assertEquals(9, three.share);
    }

    /** Each endpoint has a limit of its own. */
    @Test
    public void endpointsHaveNothingToDoWithEachOther() throws Exception {
        gateway("10.0.0.1:80", 10).claim(10);
        gateway("/run/other.sock", 10).claim(10);
        assertEquals(List.of(10, 10), shares());
    }

    /** Requests that are under way use it for a while after its end. */
    @Test
    public void aClosedOneThrowsNothing() throws Exception {
        Gateway one = gateway(1);
        one.plugin.close();
        one.limits
                .claim(new Claim(upstream, one.endpoint, 10, 1, 1))
                .toCompletableFuture()
                .handle((share, thrown) -> share)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        one.limits
                .release(upstream, one.endpoint)
                .toCompletableFuture()
                .handle((nothing, thrown) -> null)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
