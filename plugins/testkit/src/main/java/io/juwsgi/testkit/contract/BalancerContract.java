package io.juwsgi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.juwsgi.spi.balance.Balancer;
import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.testkit.TestEndpoint;
import io.juwsgi.testkit.TestSelection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What the router relies on in balancers; a test of one extends this, in a nested class where a plugin has several, and says
 * how it is made.
 */
public abstract class BalancerContract {
    private final Random random = new Random(7);

    /** For subclasses. */
    protected BalancerContract() {}

    /** Makes the balancer. */
    protected abstract Balancer balancer(RandomGenerator random);

    /** Returns whether requests with different keys reach every endpoint; not so for one that fills the first up. */
    protected boolean spreads() {
        return true;
    }

    /** Returns whether shares follow the weights over many requests that are answered at once. */
    protected boolean followsWeights() {
        return true;
    }

    /** Returns a balancer over endpoints. */
    protected final Balancer over(List<? extends Endpoint> endpoints) {
        Balancer balancer = balancer(new Random(11));
        balancer.endpoints(List.copyOf(endpoints));
        return balancer;
    }

    /** Returns endpoints with these weights. */
    protected static List<TestEndpoint> endpoints(int... weights) {
        return TestEndpoint.all(weights);
    }

    /** Returns a question that allows what {@code allowed} says, with a key of its own. */
    protected final TestSelection selection(Predicate<Endpoint> allowed) {
        return TestSelection.of(allowed, random.nextLong());
    }

    /** Null means that there is nobody, and nothing else does. */
    @Test
    public void nobodyIsPickedOfNobody() {
        assertNull(over(List.of()).choose(selection(one -> true)));
        assertNull(over(endpoints(1, 1)).choose(selection(one -> false)));
    }

    /** Who is ill, full or has failed the request is not asked. */
    @Test
    public void onlyAllowedOnesArePicked() {
        for (int size = 1; size <= 8; size++) {
            List<TestEndpoint> all =
                    endpoints(IntStream.generate(() -> 3).limit(size).toArray());
            Balancer balancer = over(all);
            for (int i = 0; i < 300; i++) {
                Set<TestEndpoint> allowed = new HashSet<>();
                all.forEach(one -> {
                    if (random.nextBoolean()) {
                        allowed.add(one);
                    }
                });
                Endpoint chosen = balancer.choose(selection(allowed::contains));
                assertTrue(oneOf(allowed, chosen), chosen + " of " + allowed);
            }
        }
    }

    /** Discovery adds and removes members at any time. */
    @Test
    public void membersMayComeAndGo() {
        List<TestEndpoint> all = endpoints(1, 2, 3, 4, 5, 6);
        Balancer balancer = over(all);
        for (int i = 0; i < 100; i++) {
            List<Endpoint> now = new ArrayList<>(all);
            now.removeIf(one -> random.nextInt(3) == 0);
            Collections.shuffle(now, random);
            balancer.endpoints(List.copyOf(now));
            for (int j = 0; j < 5; j++) {
                Endpoint chosen = balancer.choose(selection(one -> true));
                assertTrue(oneOf(now, chosen), chosen + " of " + now);
            }
        }
    }

    /** A group may be large. */
    @Test
    public void manyMembersAreNoTrouble() {
        List<TestEndpoint> all =
                endpoints(IntStream.generate(() -> 1).limit(500).toArray());
        Balancer balancer = over(all);
        for (int i = 0; i < 100; i++) {
            assertTrue(oneOf(all, balancer.choose(selection(one -> true))));
        }
    }

    /** Nobody is forgotten. */
    @Test
    public void everyEndpointGetsRequests() {
        if (spreads()) {
            List<TestEndpoint> all = endpoints(1, 1, 1, 1, 1);
            assertEquals(Set.copyOf(all), counts(over(all), 5000).keySet());
        }
    }

    /** An operator who doubles a weight expects twice the requests. */
    @Test
    public void sharesFollowWeights() {
        if (followsWeights()) {
            List<TestEndpoint> all = endpoints(1, 2, 5);
            Map<Endpoint, Integer> counts = counts(over(all), 24_000);
            for (TestEndpoint one : all) {
                double share = counts.getOrDefault(one, 0) / 3000.0;
                assertTrue(
                        share >= one.weight() * 0.75 && share <= one.weight() * 1.25,
                        share + " of the requests for weight " + one.weight());
            }
        }
    }

    private static boolean oneOf(Collection<? extends Endpoint> some, @Nullable Endpoint chosen) {
        return some.isEmpty() ? chosen == null : chosen != null && some.stream().anyMatch(chosen::equals);
    }

    /** Returns how many requests each got of many that are answered at once, 8 under way at a time. */
    private Map<Endpoint, Integer> counts(Balancer balancer, int requests) {
        Map<Endpoint, Integer> counts = new HashMap<>();
        ArrayDeque<TestEndpoint> underWay = new ArrayDeque<>();
        for (int i = 0; i < requests; i++) {
            TestEndpoint chosen = (TestEndpoint) balancer.choose(selection(one -> true));
            assertNotNull(chosen);
            counts.merge(chosen, 1, Integer::sum);
            chosen.inFlight(chosen.inFlight() + 1);
            underWay.add(chosen);
            if (underWay.size() > 8) {
                TestEndpoint answered = underWay.remove();
                answered.inFlight(answered.inFlight() - 1);
            }
        }
        return counts;
    }
}
