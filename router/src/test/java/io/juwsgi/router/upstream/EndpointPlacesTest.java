package io.juwsgi.router.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How many requests an endpoint has under way when several event loops give it some. */
class EndpointPlacesTest {
    private static UpstreamEndpoint endpoint(Optional<FleetShare> fleet) {
        ServerSpec spec = ServerSpec.parse("127.0.0.1:1");
        return new UpstreamEndpoint(
                EndpointAddress.parse(spec.target()),
                Protocol.HTTP,
                spec,
                Optional.empty(),
                Optional.empty(),
                fleet,
                new Ejection(0, 0, () -> false),
                0);
    }

    @Test
    void theLastPlaceIsTakenOnce() throws Exception {
        UpstreamEndpoint endpoint = endpoint(Optional.empty());
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            Thread.startVirtualThread(() -> {
                for (int turn = 0; turn < 20_000; turn++) {
                    if (endpoint.take(2)) {
                        most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                        underWay.decrementAndGet();
                        endpoint.end();
                    }
                }
                done.countDown();
            });
        }
        done.await();
        assertThat(most.get()).isBetween(1, 2);
        assertThat(endpoint.inFlight()).isZero();
    }

    @Test
    void whatTheEndpointHasNoRoomForTakesNothingOfTheShare() {
        FleetShare share = new FleetShare("127.0.0.1:1", () -> {});
        share.given(3);
        UpstreamEndpoint endpoint = endpoint(Optional.of(share));
        assertThat(endpoint.take(1)).isTrue();
        assertThat(endpoint.hasRoom(1)).isFalse();
        assertThat(endpoint.take(1)).isFalse();
        endpoint.end();
        assertThat(share.idle()).isTrue();
        assertThat(endpoint.inFlight()).isZero();
        assertThat(endpoint.take(0)).as("no limit but the share").isTrue();
    }

    @Test
    void aShareThatIsUsedUpLeavesNoRoom() {
        FleetShare share = new FleetShare("127.0.0.1:1", () -> {});
        UpstreamEndpoint endpoint = endpoint(Optional.of(share));
        share.given(0);
        assertThat(endpoint.hasRoom(5)).isFalse();
        assertThat(endpoint.take(5)).isFalse();
        share.given(1);
        assertThat(endpoint.hasRoom(5)).isTrue();
        assertThat(endpoint.take(5)).isTrue();
        assertThat(endpoint.take(5)).isFalse();
    }
}
