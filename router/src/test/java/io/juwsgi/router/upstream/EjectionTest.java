package io.juwsgi.router.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** When an endpoint rests, for how long, and what is said of it. */
class EjectionTest {
    private static final long SECOND = 1_000_000_000L;

    private boolean allowed = true;
    private final Ejection ejection = new Ejection(3, SECOND, () -> allowed);

    private long rest(long nanoTime) {
        return ejection.rest(nanoTime, "slow").map(Ejection.Rest::nanos).orElse(0L);
    }

    @Test
    void failuresInARowMakeItRestAndTheirWordIsTheReason() {
        assertThat(ejection.failed(0, "upstream-reset")).isEmpty();
        assertThat(ejection.failed(0, "upstream-reset")).isEmpty();
        assertThat(ejection.succeeded(0)).isFalse();
        assertThat(ejection.failed(0, "upstream-reset")).as("the row is broken").isEmpty();
        assertThat(ejection.failed(0, "upstream-reset")).isEmpty();
        assertThat(ejection.failed(0, "upstream-timeout"))
                .hasValueSatisfying(rest -> assertThat(rest.reason()).isEqualTo("upstream-timeout"));
        assertThat(ejection.resting(SECOND - 1)).isTrue();
        assertThat(ejection.resting(SECOND)).isFalse();
        assertThat(ejection.reasons()).isEqualTo(Map.of("upstream-timeout", 1L));
        assertThat(ejection.last())
                .hasValueSatisfying(last -> assertThat(last.nanos()).isEqualTo(SECOND));
        assertThat(ejection.succeeded(SECOND)).as("it is back").isTrue();
        assertThat(ejection.succeeded(SECOND)).isFalse();
    }

    @Test
    void oneThatFlapsRestsLongerEachTime() {
        long now = 0;
        for (long times = 1; times <= 32; times *= 2) {
            assertThat(rest(now)).isEqualTo(times * SECOND);
            now += times * SECOND;
            for (int i = 0; i < 100; i++) {
                ejection.succeeded(now);
            }
        }
        assertThat(rest(now)).as("the longest").isEqualTo(32 * SECOND);
    }

    @Test
    void whatWasLongAgoIsForgottenByAndBy() {
        for (int i = 0; i < 3; i++) {
            assertThat(rest(i * 100 * SECOND)).isPositive();
        }
        long now = 200 * SECOND + 4 * SECOND;
        ejection.succeeded(now);
        ejection.succeeded(now + SECOND);
        ejection.succeeded(now + 2 * SECOND);
        assertThat(rest(now + 3 * SECOND)).isEqualTo(2 * SECOND);
    }

    /** Of two, one may rest: also when both fail at the same moment, on two event loops. */
    @Test
    void ofTwoThatFailTogetherOneRests() throws Exception {
        Ejection[] both = new Ejection[2];
        CountDownLatch asked = new CountDownLatch(2);
        BooleanSupplier nobodyRests = () -> {
            boolean nobody = !both[0].resting(0) && !both[1].resting(0);
            asked.countDown();
            try {
                // The other one could be asked about meanwhile, if that were possible.
                var _ = asked.await(500, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return nobody;
        };
        both[0] = new Ejection(1, SECOND, nobodyRests);
        both[1] = new Ejection(1, SECOND, nobodyRests);
        Thread other = Thread.ofPlatform().start(() -> both[1].failed(0, "upstream-reset"));
        both[0].failed(0, "upstream-reset");
        other.join();
        assertThat(both[0].total() + both[1].total()).isEqualTo(1);
    }

    @Test
    void nobodyRestsWhenTooManyDo() {
        allowed = false;
        assertThat(rest(0)).isZero();
        assertThat(ejection.total()).isZero();
    }
}
