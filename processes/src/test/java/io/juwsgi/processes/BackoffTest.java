package io.juwsgi.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(30));

    private List<Long> secondsAfterSoonEnds(int count) {
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            delays.add(backoff.ended(Duration.ofSeconds(9)).toSeconds());
        }
        return delays;
    }

    @Test
    void doublesUpToHalfAMinute() {
        assertThat(secondsAfterSoonEnds(9)).containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    @Test
    void staysAtItsLimitForever() {
        assertThat(secondsAfterSoonEnds(200)).last().isEqualTo(30L);
    }

    @Test
    void beginsAnewAfterALongLife() {
        secondsAfterSoonEnds(5);
        assertThat(backoff.ended(Duration.ofSeconds(10))).isZero();
        assertThat(secondsAfterSoonEnds(2)).containsExactly(1L, 2L);
    }

    @Test
    void deadlinesPassAlsoWhenTheClockWrapsAround() {
        Deadline deadline = new Deadline();
        deadline.in(Duration.ofNanos(10), Long.MAX_VALUE - 5);
        assertThat(deadline.passed(Long.MAX_VALUE)).isFalse();
        assertThat(deadline.passed(Long.MIN_VALUE + 5)).isTrue();
        deadline.atMost(Duration.ofNanos(1), Long.MAX_VALUE);
        assertThat(deadline.nanosFrom(Long.MAX_VALUE)).isEqualTo(1);
        deadline.clear();
        assertThat(deadline.nanosFrom(0)).isEqualTo(Long.MAX_VALUE);
    }
}
