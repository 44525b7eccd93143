package io.juwsgi.router.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Who does worse than the others, in simulated time with fixed seeds. */
class OutliersTest {
    private static final long SECOND = 1_000_000_000L;

    private final Random random = new Random(11);
    private final Outliers outliers = new Outliers(50, 5);
    private final List<UpstreamEndpoint> all = new ArrayList<>();
    private final BooleanSupplier mayRest = this::oneMoreMayRest;
    private long now = System.nanoTime();

    private void servers(int count) {
        for (int i = 0; i < count; i++) {
            ServerSpec spec = ServerSpec.parse("127.0.0.1:" + (1000 + i));
            all.add(new UpstreamEndpoint(
                    EndpointAddress.parse(spec.target()),
                    Protocol.HTTP,
                    spec,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    new Ejection(5, SECOND, mayRest),
                    0));
        }
    }

    /** A second of 50 requests to each, of which a share fails, and whose times are spread around a mean in milliseconds. */
    private List<String> second(IntToDoubleFunction failing, IntToDoubleFunction meanMillis) {
        for (int server = 0; server < all.size(); server++) {
            for (int i = 0; i < 50; i++) {
                request(all.get(server), failing.applyAsDouble(server), meanMillis.applyAsDouble(server));
            }
        }
        now += SECOND;
        return outliers.find(all, now).stream()
                .map(one -> all.indexOf(one.endpoint()) + " " + one.reason())
                .sorted()
                .toList();
    }

    private void request(UpstreamEndpoint to, double failing, double meanMillis) {
        if (random.nextDouble() < failing) {
            to.failed("upstream-reset");
        } else {
            to.succeeded((long) (-Math.log(1 - random.nextDouble()) * meanMillis * 1e6));
        }
    }

    /** Half of them at most. */
    private boolean oneMoreMayRest() {
        long away = all.stream().filter(one -> !one.available(now)).count();
        return (away + 1) * 2 <= all.size();
    }

    @Test
    void whoFailsMoreThanHalfIsFoundWhoFailsLessIsNot() {
        servers(4);
        assertThat(second(server -> server == 2 ? 0.7 : 0.02, server -> 20)).containsExactly("2 error-share");
        all.clear();
        servers(4);
        for (int i = 0; i < 30; i++) {
            assertThat(second(server -> server == 2 ? 0.3 : 0.02, server -> 20)).isEmpty();
        }
    }

    @Test
    void whereAllFailTheSameNobodyIsWorse() {
        servers(4);
        for (int i = 0; i < 30; i++) {
            assertThat(second(server -> 0.8, server -> 20)).isEmpty();
        }
    }

    @Test
    void oneThatBeginsToFailIsFoundWithinTheWindow() {
        servers(3);
        for (int i = 0; i < 20; i++) {
            assertThat(second(server -> 0.01, server -> 20)).isEmpty();
        }
        int seconds = 0;
        while (second(server -> server == 0 ? 0.9 : 0.01, server -> 20).isEmpty()) {
            seconds++;
            assertThat(seconds).isLessThan(10);
        }
    }

    @Test
    void whoIsFiveTimesSlowerIsFoundWhoIsThreeTimesSlowerIsNot() {
        servers(4);
        assertThat(second(server -> 0, server -> server == 1 ? 160 : 20)).containsExactly("1 slow");
        all.clear();
        servers(4);
        for (int i = 0; i < 30; i++) {
            assertThat(second(server -> 0, server -> server == 1 ? 60 : 20)).isEmpty();
        }
    }

    @Test
    void noiseAndWhatIsQuickInAnyCaseMakeNobodyAnOutlier() {
        servers(8);
        for (int i = 0; i < 60; i++) {
            assertThat(second(server -> 0.05, server -> 30)).isEmpty();
        }
        all.clear();
        servers(8);
        for (int i = 0; i < 60; i++) {
            assertThat(second(server -> 0, server -> server == 1 ? 6 : 0.2)).isEmpty();
        }
    }

    @Test
    void ofTwoNobodyKnowsWhatIsUsual() {
        servers(2);
        assertThat(second(server -> 0, server -> server == 1 ? 500 : 20)).isEmpty();
        all.clear();
        servers(2);
        assertThat(second(server -> server == 1 ? 0.9 : 0, server -> 20)).containsExactly("1 error-share");
    }

    @Test
    void aFewRequestsAreNotEnough() {
        servers(3);
        for (int i = 0; i < 10; i++) {
            request(all.get(0), 1, 20);
        }
        assertThat(outliers.find(all, now + SECOND)).isEmpty();
    }

    @Test
    void whoRestsOrDrainsIsLeftOut() {
        servers(3);
        all.get(0).draining(true);
        all.get(1).down("answered 500");
        assertThat(second(server -> server < 2 ? 0.9 : 0, server -> 20)).isEmpty();
    }

    @Test
    void whatWasLongAgoIsForgotten() {
        servers(3);
        second(server -> server == 0 ? 0.45 : 0, server -> 20);
        now += 2 * RecentAnswers.PERIOD;
        outliers.find(all, now);
        assertThat(all.get(0).recent().look(now).requests()).isZero();
    }

    @Test
    void errorsThatAreToldQuicklyMakeNobodyElseSlow() {
        servers(5);
        for (int i = 0; i < 50; i++) {
            all.subList(0, 3).forEach(one -> {
                one.answered(100_000, now);
                one.failed("status-503");
            });
            all.subList(3, 5).forEach(one -> request(one, 0, 20));
        }
        assertThat(new Outliers(0, 5).find(all, now)).isEmpty();
    }

    @Test
    void aFewGoodAnswersAmongFailuresTellNoTime() {
        servers(4);
        for (int i = 0; i < 19; i++) {
            request(all.get(0), 0, 500);
            request(all.get(0), 1, 0);
        }
        for (int i = 0; i < 100; i++) {
            all.subList(1, 4).forEach(one -> request(one, 0, 20));
        }
        assertThat(new Outliers(0, 5).find(all, now)).isEmpty();
    }

    @Test
    void whoFailsGoesBeforeWhoIsSlowAndTheWorstFirst() {
        servers(9);
        double[] failing = {0, 0.6, 0, 0.9, 0, 0, 0, 0, 0};
        double[] millis = {20, 20, 200, 20, 900, 20, 20, 20, 20};
        for (int server = 0; server < 9; server++) {
            for (int i = 0; i < 200; i++) {
                request(all.get(server), failing[server], millis[server]);
            }
        }
        assertThat(outliers.find(all, now))
                .extracting(one -> all.indexOf(one.endpoint()))
                .containsExactly(3, 1, 4, 2);
    }

    @Test
    void whatARestWasForIsNoReasonForTheNextOne() {
        servers(3);
        assertThat(second(server -> server == 0 ? 0.9 : 0, server -> 20)).containsExactly("0 error-share");
        assertThat(all.getFirst().ejection().rest(now, "error-share")).isPresent();
        // Requests that were under way fail during the rest.
        for (int i = 0; i < 50; i++) {
            request(all.getFirst(), 1, 20);
        }
        assertThat(outliers.find(all, now + SECOND / 2)).isEmpty();
        assertThat(outliers.find(all, now + SECOND + SECOND / 2)).isEmpty();
    }

    /** Two of four fail all the time, a third is slow: no more than half of them rest, each for longer and longer. */
    @Test
    void noMoreRestThanMayAndThoseThatFlapRestLongerAndLonger() {
        servers(4);
        for (int i = 0; i < 120; i++) {
            second(server -> server == 0 && available(0) ? 0.9 : 0, server -> server == 1 ? 400 : 20);
            outliers.find(all, now).forEach(one -> one.endpoint().ejection().rest(now, one.reason()));
            assertThat(all.stream().filter(one -> !one.available(now))).hasSizeLessThanOrEqualTo(2);
        }
        for (int server : new int[] {0, 1}) {
            Ejection ejection = all.get(server).ejection();
            assertThat(ejection.total()).as("rests of 1, 2, 4 ... 32 s").isBetween(4L, 10L);
            assertThat(ejection.last())
                    .hasValueSatisfying(last -> assertThat(last.nanos()).isEqualTo(32 * SECOND));
        }
        assertThat(all.get(2).ejection().total() + all.get(3).ejection().total())
                .isZero();
    }

    private boolean available(int server) {
        return all.get(server).available(now);
    }

    @Test
    void offIsOff() {
        servers(3);
        Outliers off = new Outliers(0, 0);
        second(server -> server == 0 ? 0.9 : 0, server -> server == 1 ? 900 : 20);
        assertThat(off.find(all, now)).isEmpty();
    }
}
