package io.juwsgi.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.balance.Balancer;
import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.spi.balance.Selection;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every balancer keeps to; a test of one extends this and says how it is made. */
public abstract class BalancerContract {

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

    private final Random random = new Random(7);

    /** Returns a balancer over endpoints. */
    protected final Balancer over(List<? extends Endpoint> endpoints) {
        Balancer balancer = balancer(new Random(11));
        balancer.endpoints(List.copyOf(endpoints));
        return balancer;
    }

    /** Returns endpoints with these weights. */
    protected static List<FakeEndpoint> endpoints(int... weights) {
        List<FakeEndpoint> all = new ArrayList<>();
        for (int weight : weights) {
            all.add(new FakeEndpoint("10.0.0." + (all.size() + 1) + ":9000", weight));
        }
        return all;
    }

    /** Returns a question that allows what {@code allowed} says, with a key of its own. */
    protected final FakeSelection selection(Predicate<Endpoint> allowed) {
        return new FakeSelection(allowed, random.nextLong());
    }

    @Test
    void nobodyIsPickedOfNobody() {
        assertThat(over(List.of()).choose(selection(one -> true))).isNull();
        assertThat(over(endpoints(1, 1)).choose(selection(one -> false))).isNull();
    }

    @Test
    void onlyAllowedOnesArePicked() {
        for (int size = 1; size <= 8; size++) {
            List<FakeEndpoint> all =
                    endpoints(IntStream.generate(() -> 3).limit(size).toArray());
            Balancer balancer = over(all);
            for (int i = 0; i < 300; i++) {
                Set<FakeEndpoint> allowed = new java.util.HashSet<>();
                all.forEach(one -> {
                    if (random.nextBoolean()) {
                        allowed.add(one);
                    }
                });
                Endpoint chosen = balancer.choose(selection(allowed::contains));
                if (allowed.isEmpty()) {
                    assertThat(chosen).isNull();
                } else {
                    assertThat(chosen).isIn(allowed);
                }
            }
        }
    }

    @Test
    void membersMayComeAndGo() {
        List<FakeEndpoint> all = endpoints(1, 2, 3, 4, 5, 6);
        Balancer balancer = over(all);
        for (int i = 0; i < 100; i++) {
            List<Endpoint> now = new ArrayList<>(all);
            now.removeIf(one -> random.nextInt(3) == 0);
            java.util.Collections.shuffle(now, random);
            balancer.endpoints(List.copyOf(now));
            for (int j = 0; j < 5; j++) {
                Endpoint chosen = balancer.choose(selection(one -> true));
                if (now.isEmpty()) {
                    assertThat(chosen).isNull();
                } else {
                    assertThat(chosen).isIn(now);
                }
            }
        }
    }

    @Test
    void manyMembersAreNoTrouble() {
        List<FakeEndpoint> all =
                endpoints(IntStream.generate(() -> 1).limit(500).toArray());
        Balancer balancer = over(all);
        for (int i = 0; i < 100; i++) {
            assertThat(balancer.choose(selection(one -> true))).isIn(all);
        }
    }

    @Test
    void everyEndpointGetsRequests() {
        if (spreads()) {
            List<FakeEndpoint> all = endpoints(1, 1, 1, 1, 1);
            assertThat(counts(over(all), 5000).keySet()).containsExactlyInAnyOrderElementsOf(all);
        }
    }

    @Test
    void sharesFollowWeights() {
        if (followsWeights()) {
            List<FakeEndpoint> all = endpoints(1, 2, 5);
            Map<Endpoint, Integer> counts = counts(over(all), 24_000);
            for (FakeEndpoint one : all) {
                assertThat(counts.get(one) / 3000.0)
                        .as("requests for weight " + one.weight())
                        .isBetween(one.weight() * 0.75, one.weight() * 1.25);
            }
        }
    }

    /** Returns how many requests each got of many that are answered at once, 8 under way at a time. */
    private Map<Endpoint, Integer> counts(Balancer balancer, int requests) {
        Map<Endpoint, Integer> counts = new HashMap<>();
        java.util.ArrayDeque<FakeEndpoint> underWay = new java.util.ArrayDeque<>();
        for (int i = 0; i < requests; i++) {
            FakeEndpoint chosen = (FakeEndpoint) balancer.choose(selection(one -> true));
            assertThat(chosen).isNotNull();
            counts.merge(chosen, 1, Integer::sum);
            chosen.inFlight++;
            underWay.add(chosen);
            if (underWay.size() > 8) {
                underWay.remove().inFlight--;
            }
        }
        return counts;
    }

    /** An endpoint whose numbers a test sets. */
    protected static final class FakeEndpoint implements Endpoint {
        private final String address;
        private final int weight;
        /** How many requests it has. */
        public int inFlight;
        /** Its latency in nanoseconds. */
        public long latency;
        /** The part of its weight that counts. */
        public double part = 1;

        /** Makes one. */
        public FakeEndpoint(String address, int weight) {
            this.address = address;
            this.weight = weight;
        }

        @Override
        public String address() {
            return address;
        }

        @Override
        public int weight() {
            return weight;
        }

        @Override
        public double share(long nanoTime) {
            return weight * part;
        }

        @Override
        public int inFlight() {
            return inFlight;
        }

        @Override
        public long latencyNanos(long nanoTime) {
            return latency;
        }

        @Override
        public String toString() {
            return address;
        }
    }

    /** A question. */
    protected record FakeSelection(Predicate<Endpoint> allowed, long key, Request request) implements Selection {

        FakeSelection(Predicate<Endpoint> allowed, long key) {
            this(allowed, key, new FakeRequest("10.9." + (key & 255) + "." + (key >> 8 & 255), new Fields()));
        }

        @Override
        public boolean allows(Endpoint endpoint) {
            return allowed.test(endpoint);
        }

        @Override
        public long nanoTime() {
            return 1;
        }
    }

    /** A request for /. */
    protected record FakeRequest(String remoteAddress, Fields fields) implements Request {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String target() {
            return "/";
        }

        @Override
        public String path() {
            return "/";
        }

        @Override
        public String query() {
            return "";
        }

        @Override
        public String protocol() {
            return "HTTP/1.1";
        }

        @Override
        public String scheme() {
            return "http";
        }

        @Override
        public @Nullable String host() {
            return null;
        }

        @Override
        public int modifier1() {
            return 0;
        }

        @Override
        public int modifier2() {
            return 0;
        }

        @Override
        public void variables(VariableSink sink) {
            sink.variable("REQUEST_METHOD", "GET");
        }
    }
}
