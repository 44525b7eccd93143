package com.example.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.balance.Balancer;
import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.TestEndpoint;
import io.juwsgi.testkit.TestSelection;
import io.juwsgi.testkit.contract.BalancerContract;
import io.juwsgi.testkit.contract.PluginContract;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CanaryTest extends PluginContract {
    private final Endpoint one = TestEndpoint.of("one:80", 1).inFlight(3);
    private final Endpoint two = TestEndpoint.of("two:80", 2).inFlight(4);
    private final Endpoint canary = TestEndpoint.of("new:80", 1);

    @Override
    protected Plugin plugin() {
        return new CanaryPlugin();
    }

    private CanaryBalancer balancer(int percent) {
        CanaryBalancer balancer = new CanaryBalancer(Set.of("new:80"), percent);
        balancer.endpoints(List.of(one, two, canary));
        return balancer;
    }

    private static TestSelection without(long key, Endpoint... ill) {
        return TestSelection.of(endpoint -> !Set.of(ill).contains(endpoint), key);
    }

    @Nested
    class AsABalancer extends BalancerContract {
        @Override
        protected Balancer balancer(RandomGenerator random) {
            return new CanaryBalancer(Set.of("10.0.0.1:9000"), 5);
        }

        @Override
        protected boolean followsWeights() {
            // The canary gets its part, whatever its weight is.
            return false;
        }
    }

    @Test
    void aPartOfTheKeysGoesToTheCanaryAndAlwaysTheSame() {
        CanaryBalancer balancer = balancer(5);
        int toCanary = 0;
        for (long key = -1000; key < 1000; key++) {
            Endpoint chosen = balancer.choose(TestSelection.of(key * 7919));
            assertThat(balancer.choose(TestSelection.of(key * 7919))).isSameAs(chosen);
            toCanary += chosen == canary ? 1 : 0;
        }
        assertThat(toCanary).isBetween(60, 140);
    }

    @Test
    void amongTheOthersTheOneWithLeastToDoForItsWeightIsChosen() {
        assertThat(balancer(0).choose(TestSelection.of(1))).isSameAs(two);
        assertThat(balancer(0).choose(without(1, two))).isSameAs(one);
    }

    @Test
    void whoIsIllIsStoodInFor() {
        assertThat(balancer(100).choose(without(1, canary))).isSameAs(two);
        assertThat(balancer(0).choose(without(1, one, two))).isSameAs(canary);
        assertThat(balancer(50).choose(without(1, one, two, canary))).isNull();
    }

    @Test
    void wrongSettingsAreTold() {
        assertThatThrownBy(() -> PluginUnderTest.of(plugin()).start("--balance-canary-percent", "101"))
                .hasMessageContaining("balance-canary-percent: 101 (expected: 0 to 100)");
    }
}
