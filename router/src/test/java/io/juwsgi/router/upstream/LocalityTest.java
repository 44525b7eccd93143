package io.juwsgi.router.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How much stays in the own zone: the rule, and a simulation of what each server gets. */
class LocalityTest {
    private final Locality here = new Locality("here");

    private static UpstreamEndpoint server(int number, String text) {
        ServerSpec spec = ServerSpec.parse("127.0.0.1:" + number + " " + text);
        return new UpstreamEndpoint(
                EndpointAddress.parse(spec.target()),
                Protocol.HTTP,
                spec,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Ejection(0, 0, () -> false),
                0);
    }

    private static List<UpstreamEndpoint> servers(int own, int others) {
        List<UpstreamEndpoint> all = new ArrayList<>();
        for (int i = 0; i < own + others; i++) {
            all.add(server(1000 + i, i < own ? "zone=here" : "zone=there"));
        }
        return all;
    }

    private static void fail(List<UpstreamEndpoint> all, int first, int count) {
        all.subList(first, first + count).forEach(one -> one.down(true));
    }

    @Test
    void withoutZonesNothingChanges() {
        assertThat(new Locality("").first(servers(2, 2), 0, new Random(1))).isEqualTo(Locality.Scope.ANY);
        assertThat(here.ownShare(servers(3, 0), 0)).isEqualTo(-1);
        assertThat(here.ownShare(servers(0, 3), 0)).isEqualTo(-1);
    }

    @Test
    void allStaysWhileEnoughOfTheZoneIsWell() {
        List<UpstreamEndpoint> all = servers(4, 4);
        assertThat(here.ownShare(all, 0)).isEqualTo(1);
        fail(all, 0, 1);
        assertThat(here.ownShare(all, 0)).as("3 of 4 take everything").isEqualTo(1);
        fail(all, 0, 2);
        assertThat(here.ownShare(all, 0)).as("2 of 4").isCloseTo(0.7, within(1e-9));
        fail(all, 0, 4);
        assertThat(here.ownShare(all, 0)).as("nobody").isZero();
        fail(all, 4, 4);
        assertThat(here.ownShare(all, 0)).as("nobody anywhere").isEqualTo(-1);
    }

    @Test
    void whatOtherZonesCannotTakeEitherIsShared() {
        List<UpstreamEndpoint> all = servers(4, 4);
        fail(all, 0, 3);
        fail(all, 4, 3);
        assertThat(here.ownShare(all, 0)).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void weightsCountAndThoseThatDrainAreAway() {
        List<UpstreamEndpoint> all = new ArrayList<>(servers(0, 2));
        all.add(server(1, "zone=here weight=3"));
        all.add(server(2, "zone=here"));
        all.add(server(3, "zone=here backup"));
        assertThat(here.ownShare(all, 0)).isEqualTo(1);
        all.get(2).draining(true);
        assertThat(here.ownShare(all, 0)).isCloseTo(0.35, within(1e-9));
    }

    /** Requests for each server, when each zone's share is spread evenly over those of it that are well. */
    private double[] requests(List<UpstreamEndpoint> all, int count) {
        Random random = new Random(5);
        double[] got = new double[all.size()];
        for (int i = 0; i < count; i++) {
            Locality.Scope scope = here.first(all, 0, random);
            List<Integer> allowed = new ArrayList<>();
            for (int j = 0; j < got.length; j++) {
                if (all.get(j).available(0) && scope.has(all.get(j).zone(), here.zone())) {
                    allowed.add(j);
                }
            }
            got[allowed.get(random.nextInt(allowed.size()))] += 1.0 / count;
        }
        return got;
    }

    @Test
    void nobodyGetsMoreThanItsReserveAllows() {
        for (int ill = 0; ill < 5; ill++) {
            List<UpstreamEndpoint> all = servers(5, 10);
            fail(all, 0, ill);
            double[] got = requests(all, 40_000);
            double fair = 1.0 / 5;
            for (int i = ill; i < 5; i++) {
                assertThat(got[i])
                        .as("own %d of %d ill", i, ill)
                        .isBetween(fair * 0.95, fair * Locality.RESERVE * 1.05);
            }
            double others = 0;
            for (int i = 5; i < 15; i++) {
                others += got[i];
            }
            double spilled = Math.max(0, 1 - Locality.RESERVE * (5 - ill) / 5);
            assertThat(others).as("spilled with %d ill", ill).isCloseTo(spilled, within(0.02));
            for (int i = 5; i < 15; i++) {
                assertThat(got[i]).as("other %d", i).isCloseTo(others / 10, within(0.01));
            }
        }
    }
}
