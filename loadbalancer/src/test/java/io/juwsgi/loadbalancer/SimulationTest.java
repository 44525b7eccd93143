package io.juwsgi.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.balance.Balancer;
import io.juwsgi.testkit.TestEndpoint;
import io.juwsgi.testkit.TestSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Balancers against servers that serve one request at a time, in simulated time with fixed seeds: how evenly work is spread,
 * and how long the slowest requests wait.
 */
class SimulationTest {
    private static final int REQUESTS = 40_000;

    /** What came of a run; times in milliseconds. */
    private record Outcome(double median, double p99, int[] requests) {}

    /** An event: the end of a request at a server. */
    private record End(double at, int server, double begun) {}

    /**
     * Lets requests come by chance, at a rate that keeps all servers together busy for {@code load} of the time.
     *
     * @param service the mean time of a request at each server, in milliseconds
     */
    private static Outcome run(Balancer balancer, double load, double... service) {
        Random random = new Random(42);
        List<TestEndpoint> servers = new ArrayList<>();
        double capacity = 0;
        for (int i = 0; i < service.length; i++) {
            servers.add(TestEndpoint.of("10.0.0." + i + ":80", 1));
            capacity += 1 / service[i];
        }
        balancer.endpoints(List.copyOf(servers));
        PriorityQueue<End> ends = new PriorityQueue<>((a, b) -> Double.compare(a.at(), b.at()));
        double[] freeAt = new double[service.length];
        double[] times = new double[REQUESTS];
        int[] counts = new int[service.length];
        double now = 0;
        for (int i = 0; i < REQUESTS; i++) {
            now += -Math.log(1 - random.nextDouble()) / (capacity * load);
            while (!ends.isEmpty() && ends.peek().at() <= now) {
                finish(servers, ends.remove());
            }
            int server = servers.indexOf(balancer.choose(TestSelection.of(random.nextLong())));
            servers.get(server).inFlight(servers.get(server).inFlight() + 1);
            counts[server]++;
            freeAt[server] = Math.max(now, freeAt[server]) - service[server] * Math.log(1 - random.nextDouble());
            times[i] = freeAt[server] - now;
            ends.add(new End(freeAt[server], server, now));
        }
        java.util.Arrays.sort(times);
        return new Outcome(times[REQUESTS / 2], times[REQUESTS * 99 / 100], counts);
    }

    /** The average that the router keeps, without its decay by time. */
    private static void finish(List<TestEndpoint> servers, End end) {
        TestEndpoint server = servers.get(end.server());
        long took = (long) ((end.at() - end.begun()) * 1e6);
        server.inFlight(server.inFlight() - 1);
        long latency = server.latencyNanos(0);
        server.latency(took > latency ? took : (latency * 9 + took) / 10);
    }

    @Test
    void equalServersGetEqualWork() {
        for (Balancer balancer : List.of(
                new RoundRobin(),
                new LeastConnections(new Random(1), true),
                new TwoChoices(new Random(2)),
                new RandomChoice(new Random(3)))) {
            Outcome outcome = run(balancer, 0.7, 10, 10, 10, 10);
            for (int requests : outcome.requests()) {
                assertThat(requests).as(balancer.getClass().getSimpleName()).isBetween((int) (REQUESTS / 4 * 0.9), (int)
                        (REQUESTS / 4 * 1.1));
            }
        }
    }

    @Test
    void lookingAtTheLoadShortensTheLongestWaits() {
        double chance = run(new RandomChoice(new Random(1)), 0.7, 10, 10, 10, 10, 10, 10)
                .p99();
        double turns = run(new RoundRobin(), 0.7, 10, 10, 10, 10, 10, 10).p99();
        double least = run(new LeastConnections(new Random(1), true), 0.7, 10, 10, 10, 10, 10, 10)
                .p99();
        double two =
                run(new TwoChoices(new Random(1)), 0.7, 10, 10, 10, 10, 10, 10).p99();
        assertThat(turns).isLessThan(chance);
        assertThat(least).isLessThan(turns * 0.7);
        assertThat(two).isLessThan(turns * 0.9);
    }

    @Test
    void aSlowServerGetsLessFromThoseThatSeeIt() {
        double[] oneIsSlow = {10, 10, 10, 80};
        Outcome turns = run(new RoundRobin(), 0.5, oneIsSlow);
        Outcome least = run(new LeastConnections(new Random(1), true), 0.5, oneIsSlow);
        Outcome two = run(new TwoChoices(new Random(1)), 0.5, oneIsSlow);
        assertThat(two.requests()[3]).isLessThan(turns.requests()[3] / 3);
        assertThat(least.requests()[3]).isLessThan(turns.requests()[3] / 2);
        assertThat(two.p99()).isLessThan(turns.p99() / 10);
        assertThat(two.median()).isLessThan(least.median() * 1.5);
    }
}
