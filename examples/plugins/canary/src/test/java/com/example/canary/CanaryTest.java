package com.example.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.spi.balance.Selection;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.TestRequest;
import io.juwsgi.testkit.contract.PluginContract;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CanaryTest extends PluginContract {
    private record Member(String address, int weight, int inFlight) implements Endpoint {
        @Override
        public double share(long nanoTime) {
            return weight;
        }

        @Override
        public long latencyNanos(long nanoTime) {
            return 0;
        }
    }

    private record Asking(long key, Set<Endpoint> ill) implements Selection {
        @Override
        public Request request() {
            return TestRequest.get("/");
        }

        @Override
        public boolean allows(Endpoint endpoint) {
            return !ill.contains(endpoint);
        }

        @Override
        public long nanoTime() {
            return 0;
        }
    }

    private final Endpoint one = new Member("one:80", 1, 3);
    private final Endpoint two = new Member("two:80", 2, 4);
    private final Endpoint canary = new Member("new:80", 1, 0);

    @Override
    protected Plugin plugin() {
        return new CanaryPlugin();
    }

    private CanaryBalancer balancer(int percent) {
        CanaryBalancer balancer = new CanaryBalancer(Set.of("new:80"), percent);
        balancer.endpoints(List.of(one, two, canary));
        return balancer;
    }

    @Test
    void aPartOfTheKeysGoesToTheCanaryAndAlwaysTheSame() {
        CanaryBalancer balancer = balancer(5);
        int toCanary = 0;
        for (long key = -1000; key < 1000; key++) {
            Endpoint chosen = balancer.choose(new Asking(key * 7919, Set.of()));
            assertThat(balancer.choose(new Asking(key * 7919, Set.of()))).isSameAs(chosen);
            toCanary += chosen == canary ? 1 : 0;
        }
        assertThat(toCanary).isBetween(60, 140);
    }

    @Test
    void amongTheOthersTheOneWithLeastToDoForItsWeightIsChosen() {
        assertThat(balancer(0).choose(new Asking(1, Set.of()))).isSameAs(two);
        assertThat(balancer(0).choose(new Asking(1, Set.of(two)))).isSameAs(one);
    }

    @Test
    void whoIsIllIsStoodInFor() {
        assertThat(balancer(100).choose(new Asking(1, Set.of(canary)))).isSameAs(two);
        assertThat(balancer(0).choose(new Asking(1, Set.of(one, two)))).isSameAs(canary);
        assertThat(balancer(50).choose(new Asking(1, Set.of(one, two, canary)))).isNull();
    }

    @Test
    void wrongSettingsAreTold() {
        assertThatThrownBy(() -> PluginUnderTest.of(plugin()).start("--balance-canary-percent", "101"))
                .hasMessageContaining("balance-canary-percent: 101 (expected: 0 to 100)");
    }
}
