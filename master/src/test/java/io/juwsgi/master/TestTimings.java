package io.juwsgi.master;

import java.time.Duration;

/** Variants of {@link Stage#SHORT}. */
final class TestTimings {
    private TestTimings() {}

    static Timings withExitGrace(Duration grace) {
        Timings t = Stage.SHORT;
        return new Timings(
                t.stable(),
                t.backoffUnit(),
                t.backoffLimit(),
                t.quickGrace(),
                grace,
                t.failedGrace(),
                t.killPatience(),
                t.spawnAnswer(),
                t.readyWithin(),
                t.bootPatience(),
                t.lastWords(),
                t.tick(),
                t.outputPatience());
    }

    static Timings withBackoff(Duration unit, Duration limit) {
        Timings t = Stage.SHORT;
        return new Timings(
                t.stable(),
                unit,
                limit,
                t.quickGrace(),
                t.exitGrace(),
                t.failedGrace(),
                t.killPatience(),
                t.spawnAnswer(),
                t.readyWithin(),
                t.bootPatience(),
                t.lastWords(),
                t.tick(),
                t.outputPatience());
    }
}
