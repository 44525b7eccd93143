package io.juwsgi.loadbalancer.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.loadbalancer.discovery.Resource.Service;
import io.juwsgi.spi.balance.Member;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Weights and tiers that SRV records become. */
class ServiceMembersTest {
    private static final Map<String, List<InetAddress>> HOSTS = Map.of(
            "a", List.of(InetAddress.ofLiteral("192.0.2.1")),
            "b", List.of(InetAddress.ofLiteral("192.0.2.2")),
            "two", List.of(InetAddress.ofLiteral("192.0.2.3"), InetAddress.ofLiteral("192.0.2.4")));

    private static List<String> members(Service... services) {
        return ServiceMembers.of(List.of(services), HOSTS).stream()
                .map(Member::line)
                .toList();
    }

    @Test
    void weightsThatFitStay() {
        assertThat(members(new Service(1, 1000, 80, "a"), new Service(1, 3, 80, "b")))
                .containsExactly("192.0.2.1:80 weight=1000", "192.0.2.2:80 weight=3");
    }

    @Test
    void largeWeightsKeepTheirProportions() {
        assertThat(members(new Service(1, 65_535, 80, "a"), new Service(1, 13_107, 80, "b")))
                .containsExactly("192.0.2.1:80 weight=1000", "192.0.2.2:80 weight=200");
        assertThat(members(new Service(1, 65_535, 80, "a"), new Service(1, 1, 80, "b")))
                .containsExactly("192.0.2.1:80 weight=1000", "192.0.2.2:80");
    }

    @Test
    void withoutAnyWeightAllAreEqual() {
        assertThat(members(new Service(1, 0, 80, "a"), new Service(1, 0, 80, "b")))
                .containsExactly("192.0.2.1:80", "192.0.2.2:80");
    }

    @Test
    void theWeightOfAHostIsPartedAmongItsAddresses() {
        assertThat(members(new Service(1, 10, 80, "a"), new Service(1, 10, 80, "two")))
                .containsExactly("192.0.2.1:80 weight=10", "192.0.2.3:80 weight=5", "192.0.2.4:80 weight=5");
        assertThat(members(new Service(1, 1, 80, "a"), new Service(1, 1, 80, "two")))
                .containsExactly("192.0.2.1:80 weight=1000", "192.0.2.3:80 weight=500", "192.0.2.4:80 weight=500");
    }

    @Test
    void aServerOfTwoTiersBelongsToTheFirst() {
        assertThat(members(new Service(5, 2, 80, "a"), new Service(1, 3, 80, "a"), new Service(5, 9, 81, "a")))
                .containsExactly("192.0.2.1:80 weight=3", "192.0.2.1:81 weight=9 backup");
    }

    @Test
    void theFirstTierIsTheFirstEvenWhenNobodyOfItIsThere() {
        assertThat(members(new Service(1, 1, 80, "nobody"), new Service(2, 1, 80, "a")))
                .containsExactly("192.0.2.1:80 backup");
    }
}
