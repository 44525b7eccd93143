package io.juwsgi.router.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** When a second endpoint is asked; and, in simulated time with fixed seeds, what that does to the slowest requests. */
class HedgeDelayTest {
    private static final long MILLI = 1_000_000;

    @Test
    void isATimeOrAPercentileOfLateAnswers() {
        assertThat(HedgeDelay.parse("off", 0).nanos(0)).isEqualTo(-1);
        assertThat(HedgeDelay.parse("50ms", 0).nanos(0)).isEqualTo(50 * MILLI);
        HedgeDelay delay = HedgeDelay.parse("p90", 0);
        assertThat(delay.nanos(0)).as("nothing is known").isEqualTo(-1);
        for (int i = 1; i <= 100; i++) {
            delay.answered(i * MILLI);
        }
        assertThat(delay.nanos(1000 * MILLI)).isBetween(85 * MILLI, 105 * MILLI);
        for (String wrong : new String[] {"", "p", "p0", "p100", "0ms", "50", "1h"}) {
            assertThatThrownBy(() -> HedgeDelay.parse(wrong, 0)).hasMessageContaining("expected: off, a time");
        }
    }

    @Test
    void forgetsWhatWasLongAgo() {
        HedgeDelay delay = HedgeDelay.parse("p90", 0);
        for (int i = 0; i < 100; i++) {
            delay.answered(500 * MILLI);
        }
        long now = 0;
        for (int period = 1; period < 4; period++) {
            now = period * 11_000 * MILLI;
            delay.nanos(now);
            for (int i = 0; i < 100; i++) {
                delay.answered(10 * MILLI);
            }
        }
        assertThat(delay.nanos(now + 1000 * MILLI)).isLessThan(15 * MILLI);
    }

    /** The times of requests, sorted, to servers that are slow now and then, and how many second tries there were. */
    private record Outcome(double[] times, int hedges) {
        double at(double share) {
            return times[(int) (times.length * share)];
        }
    }

    private static Outcome run(String hedge, int budget, double slowShare) {
        Random random = new Random(7);
        HedgeDelay delay = HedgeDelay.parse(hedge, 0);
        RetryBudget retries = new RetryBudget(budget);
        double[] times = new double[50_000];
        int hedges = 0;
        for (int i = 0; i < times.length; i++) {
            long now = i * MILLI;
            retries.earn();
            double first = service(random, slowShare);
            double wait = delay.nanos(now) / (double) MILLI;
            times[i] = first;
            if (wait >= 0 && first > wait && retries.spend()) {
                hedges++;
                times[i] = Math.min(first, wait + service(random, slowShare));
            }
            delay.answered((long) (times[i] * MILLI));
        }
        Arrays.sort(times);
        return new Outcome(times, hedges);
    }

    /** About 10 ms; a share of them hangs for 200 ms more. */
    private static double service(Random random, double slowShare) {
        return 5 - 5 * Math.log(1 - random.nextDouble()) + (random.nextDouble() < slowShare ? 200 : 0);
    }

    @Test
    void aFewSecondTriesShortenTheTail() {
        Outcome without = run("off", 20, 0.02);
        Outcome with = run("p95", 20, 0.02);
        assertThat(without.at(0.99)).isGreaterThan(200);
        assertThat(with.at(0.99)).isLessThan(without.at(0.99) / 4);
        assertThat(with.at(0.5)).isBetween(without.at(0.5) * 0.95, without.at(0.5) * 1.05);
        assertThat(with.hedges()).isLessThan(with.times().length / 10);
    }

    @Test
    void whenAllAreSlowTheBudgetBoundsTheAdditionalLoad() {
        Outcome all = run("30ms", 10, 1.0);
        assertThat(all.hedges()).isBetween(all.times().length / 10 - 200, all.times().length / 10 + 200);
    }
}
