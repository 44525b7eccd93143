package io.juwsgi.router.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The limit that is learned, against simulated servers in simulated time. */
class AdaptiveLimitTest {
    private record Request(double sent, double done) {}

    /** A server with some threads and a queue, under more load than it can bear, with callers that respect the limit. */
    private static final class Simulation {
        private final AdaptiveLimit limit;
        private final double[] freeAt;
        private final double service;
        private final SplittableRandom random = new SplittableRandom(7);
        private double now;
        private double worst;
        private int answered;

        Simulation(AdaptiveLimit limit, int threads, double service) {
            this.limit = limit;
            this.freeAt = new double[threads];
            this.service = service;
        }

        void run(int requests) {
            PriorityQueue<Request> underWay = new PriorityQueue<>((a, b) -> Double.compare(a.done(), b.done()));
            worst = 0;
            answered = 0;
            double start = now;
            while (answered < requests) {
                while (underWay.size() < limit.value()) {
                    underWay.add(new Request(now, served()));
                }
                Request next = underWay.remove();
                now = next.done();
                limit.answered((long) (1e9 * (next.done() - next.sent())), underWay.size() + 1);
                answered++;
                if (answered > requests / 2) {
                    worst = Math.max(worst, next.done() - next.sent());
                }
            }
            rate = answered / (now - start);
        }

        private double rate;

        private double served() {
            int first = 0;
            for (int i = 1; i < freeAt.length; i++) {
                first = freeAt[i] < freeAt[first] ? i : first;
            }
            double begin = Math.max(now, freeAt[first]);
            freeAt[first] = begin + service * (0.8 + 0.4 * random.nextDouble());
            return freeAt[first];
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 0.01", "8, 0.02", "64, 0.05"})
    void aBusyServerIsUsedAndItsQueueStaysShort(int threads, double service) {
        AdaptiveLimit limit = new AdaptiveLimit(0);
        Simulation simulation = new Simulation(limit, threads, service);
        simulation.run(20_000);
        assertThat(simulation.rate).as("of what it can do").isGreaterThan(0.8 * threads / service);
        assertThat(simulation.worst).as("with a short queue").isLessThan(4 * service);
    }

    @Test
    void aServerThatBecomesSlowerGetsLess() {
        AdaptiveLimit limit = new AdaptiveLimit(0);
        new Simulation(limit, 32, 0.01).run(10_000);
        new Simulation(limit, 4, 0.02).run(10_000);
        assertThat(limit.value()).isLessThan(12);
    }

    @Test
    void failuresMakeItSinkAtOnceAndOneIsAlwaysLeft() {
        AdaptiveLimit limit = new AdaptiveLimit(0);
        for (int i = 0; i < 100; i++) {
            limit.failed();
        }
        assertThat(limit.value()).isEqualTo(1);
    }

    @Test
    void anIdleServerTellsNothing() {
        AdaptiveLimit limit = new AdaptiveLimit(50);
        for (int i = 0; i < 1_000; i++) {
            limit.answered(1_000_000, 1);
        }
        assertThat(limit.value()).isEqualTo(4);
    }
}
