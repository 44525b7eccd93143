package io.juwsgi.router.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How service times become depths. */
final class LoadTest {
    private final Load load = new Load();

    private void answers(int count, long micros) {
        for (int i = 0; i < count; i++) {
            load.answered(micros);
        }
    }

    @Test
    void startsAtOneAndDoublesWithFastAnswers() {
        assertThat(load.depth()).isEqualTo(1);
        answers(Load.STEP, 10);
        assertThat(load.depth()).isEqualTo(2);
        answers(4 * Load.STEP, 10);
        assertThat(load.depth()).isEqualTo(Load.MAX_DEPTH);
    }

    @Test
    void holdsAboutOneMillisecondOfWork() {
        answers(1000, 100);
        assertThat(load.depth()).isBetween(9, 10);
        answers(1000, 500);
        assertThat(load.depth()).isEqualTo(2);
        answers(1000, 2000);
        assertThat(load.depth()).isEqualTo(1);
    }

    @Test
    void anOutlierHalvesTheTrustAndHardlyMovesTheAverage() {
        answers(1000, 20);
        load.answered(60_000_000);

        assertThat(load.averageMicros()).isLessThan(60);
        assertThat(load.depth()).isEqualTo(16);
    }

    @Test
    void aChangeToSlowIsSeenWithinFewAnswers() {
        answers(1000, 20);
        answers(6, 50_000);

        assertThat(load.depth()).isEqualTo(1);
    }

    @Test
    void zeroMicrosecondsAreFast() {
        answers(1000, 0);

        assertThat(load.depth()).isEqualTo(Load.MAX_DEPTH);
        assertThat(load.packDepth()).isEqualTo(Load.MAX_DEPTH);
    }

    @Test
    void theLargestTimesOfTheWireDoNotOverflow() {
        answers(1000, 0xFFFF_FFFFL);

        assertThat(load.averageMicros()).isBetween(0xFFFF_0000L, 0xFFFF_FFFFL);
        assertThat(load.depth()).isEqualTo(1);
        answers(2000, 10);
        assertThat(load.depth()).isEqualTo(Load.MAX_DEPTH);
    }
}
