package io.juwsgi.plugin.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Token buckets with a clock that the test sets. */
class BucketsTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void tokensComeBackWithTime() {
        Buckets buckets = new Buckets(64);
        long now = 17;
        assertThat(buckets.take(5, SECOND, 2 * SECOND, now)).isEqualTo(SECOND);
        assertThat(buckets.take(5, SECOND, 2 * SECOND, now)).isEqualTo(2 * SECOND);
        assertThat(buckets.take(5, SECOND, 2 * SECOND, now)).isEqualTo(-SECOND);
        assertThat(buckets.take(5, SECOND, 2 * SECOND, now + SECOND / 2)).isEqualTo(-SECOND / 2);
        assertThat(buckets.take(5, SECOND, 2 * SECOND, now + SECOND)).isEqualTo(2 * SECOND);
        assertThat(buckets.take(5, SECOND, 2 * SECOND, now + 100 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void manyClientsDoNotPushOutOneThatHasUsedUpItsTokens() {
        Buckets buckets = new Buckets(64);
        for (int i = 0; i < 10; i++) {
            buckets.take(7L << 32 | 1, SECOND, 10 * SECOND, 0);
        }
        for (long other = 2; other < 100_000; other++) {
            buckets.take(other << 32 | other, SECOND, 10 * SECOND, 0);
        }
        assertThat(buckets.take(7L << 32 | 1, SECOND, 10 * SECOND, 0)).isNegative();
    }
}
