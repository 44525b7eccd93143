package io.juwsgi.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.balance.Balancer;
import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.testkit.TestEndpoint;
import io.juwsgi.testkit.TestRequest;
import io.juwsgi.testkit.TestSelection;
import io.juwsgi.testkit.contract.BalancerContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The balancers that come with the program, each against the contract, and what is its own. */
class BalancersTest {

    @Nested
    class ByRoundRobin extends BalancerContract {
        @Override
        protected Balancer balancer(RandomGenerator random) {
            return new RoundRobin();
        }

        @Test
        void turnsAreSmooth() {
            Balancer balancer = over(endpoints(5, 1, 1));
            StringBuilder turns = new StringBuilder();
            for (int i = 0; i < 14; i++) {
                turns.append(balancer.choose(selection(one -> true)).address().charAt(7));
            }
            assertThat(turns).hasToString("11213111121311");
        }

        @Test
        void whoStartsSlowlyGetsLess() {
            List<TestEndpoint> all = endpoints(1, 1);
            all.get(1).part(0.25);
            Balancer balancer = over(all);
            int slow = 0;
            for (int i = 0; i < 100; i++) {
                slow += balancer.choose(selection(one -> true)) == all.get(1) ? 1 : 0;
            }
            assertThat(slow).isEqualTo(20);
        }
    }

    @Nested
    class ByLeastConnections extends BalancerContract {
        @Override
        protected Balancer balancer(RandomGenerator random) {
            return new LeastConnections(random, true);
        }

        @Test
        void theLeastBusyOfItsWeightIsPicked() {
            List<TestEndpoint> all = endpoints(1, 4);
            all.get(0).inFlight(1);
            all.get(1).inFlight(3);
            assertThat(over(all).choose(selection(one -> true))).isEqualTo(all.get(1));
            all.get(1).inFlight(8);
            assertThat(over(all).choose(selection(one -> true))).isEqualTo(all.get(0));
        }
    }

    @Nested
    class ByLeastConnectionsWithoutWeights extends BalancerContract {
        @Override
        protected Balancer balancer(RandomGenerator random) {
            return new LeastConnections(random, false);
        }

        @Override
        protected boolean followsWeights() {
            return false;
        }
    }

    @Nested
    class ByTwoChoices extends BalancerContract {
        @Override
        protected Balancer balancer(RandomGenerator random) {
            return new TwoChoices(random);
        }

        @Override
        protected boolean followsWeights() {
            return false;
        }

        @Test
        void theQuickerIsPicked() {
            List<TestEndpoint> all = endpoints(1, 1);
            all.get(0).latency(50_000_000);
            all.get(1).latency(5_000_000);
            all.get(1).inFlight(5);
            assertThat(over(all).choose(selection(one -> true))).isEqualTo(all.get(1));
            all.get(1).inFlight(20);
            assertThat(over(all).choose(selection(one -> true))).isEqualTo(all.get(0));
        }
    }

    @Nested
    class ByChance extends BalancerContract {
        @Override
        protected Balancer balancer(RandomGenerator random) {
            return new RandomChoice(random);
        }
    }

    @Nested
    class TheFirst extends BalancerContract {
        @Override
        protected Balancer balancer(RandomGenerator random) {
            return new FirstAvailable();
        }

        @Override
        protected boolean spreads() {
            return false;
        }

        @Override
        protected boolean followsWeights() {
            return false;
        }
    }

    @Nested
    class ByRing extends BalancerContract {
        @Override
        protected Balancer balancer(RandomGenerator random) {
            return new HashRing(0, io.juwsgi.spi.balance.Selection::key);
        }

        @Test
        void onlyKeysOfTheOneThatGoesMove() {
            assertThat(moved(this::over, 10, endpoints(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)))
                    .isLessThan(0.15);
        }
    }

    @Nested
    class ByBoundedRing extends BalancerContract {
        @Override
        protected Balancer balancer(RandomGenerator random) {
            return new HashRing(1.25, io.juwsgi.spi.balance.Selection::key);
        }

        @Override
        protected boolean followsWeights() {
            return false;
        }

        @Test
        void oneKeyDoesNotOverloadItsEndpoint() {
            List<TestEndpoint> all = endpoints(1, 1, 1, 1);
            Balancer balancer = over(all);
            for (int i = 0; i < 100; i++) {
                TestEndpoint chosen = (TestEndpoint) balancer.choose(TestSelection.of(42));
                chosen.inFlight(chosen.inFlight() + 1);
            }
            assertThat(all).allMatch(one -> one.inFlight() <= 32);
        }
    }

    @Nested
    class ByMaglev extends BalancerContract {
        @Override
        protected Balancer balancer(RandomGenerator random) {
            return new Maglev();
        }

        @Test
        void fewOtherKeysMoveWithTheOneThatGoes() {
            assertThat(moved(this::over, 10, endpoints(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)))
                    .isLessThan(0.15);
        }
    }

    private static Request cookie(Fields sent) {
        return TestRequest.get("/").field("Cookie", sent.first("Cookie"));
    }

    /** Returns the part of the keys that another endpoint gets when the last one goes; its own part is 1 / count. */
    private static double moved(
            Function<List<? extends Endpoint>, Balancer> over, int count, List<? extends Endpoint> all) {
        Balancer balancer = over.apply(all);
        Map<Long, Endpoint> before = new HashMap<>();
        for (long key = 0; key < 5000; key++) {
            long mixed = Hashes.mixed(key);
            before.put(mixed, balancer.choose(TestSelection.of(mixed)));
        }
        balancer.endpoints(List.copyOf(all.subList(0, count - 1)));
        long moved = before.entrySet().stream()
                .filter(e -> balancer.choose(TestSelection.of(e.getKey())) != e.getValue())
                .count();
        return moved / 5000.0;
    }

    @Nested
    class ByCookie extends BalancerContract {
        @Override
        protected Balancer balancer(RandomGenerator random) {
            return new StickyCookie(new StickySettings("R", Optional.of(Duration.ofHours(1))), random);
        }

        @Test
        void aClientStaysWhereItWasAnsweredFirst() {
            List<TestEndpoint> all = endpoints(1, 1, 1, 1);
            Balancer balancer = over(all);
            TestSelection first = selection(one -> true);
            Endpoint chosen = balancer.choose(first);
            Fields fields = new Fields();
            balancer.answered(first, chosen, fields);
            String cookie = fields.first("set-cookie");
            assertThat(cookie).matches("R=[0-9a-f]{16}; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600");
            Fields sent = Fields.of("Cookie", "a=b; " + cookie.substring(0, 18));
            TestSelection next = new TestSelection(one -> true, 5, cookie(sent));
            for (int i = 0; i < 50; i++) {
                assertThat(balancer.choose(next)).isEqualTo(chosen);
            }
            Fields again = new Fields();
            balancer.answered(next, chosen, again);
            assertThat(again.size()).isZero();
            TestSelection gone = new TestSelection(one -> one != chosen, 5, cookie(sent));
            Endpoint other = balancer.choose(gone);
            assertThat(other).isNotNull().isNotEqualTo(chosen);
            balancer.answered(gone, other, again);
            assertThat(again.first("set-cookie")).startsWith("R=");
        }

        @Test
        void whatClientsMakeUpIsIgnored() {
            Balancer balancer = over(endpoints(1, 1));
            for (String value : List.of("R=", "R", "R=zzz", "=;;=", "R=10.0.0.1:9000")) {
                TestSelection selection = new TestSelection(one -> true, 5, cookie(Fields.of("Cookie", value)));
                assertThat(balancer.choose(selection)).isNotNull();
            }
        }
    }

    @Test
    void everyHashIsTheSameInEveryProcess() {
        List<Long> hashes = new ArrayList<>();
        for (String text : List.of("", "a", "127.0.0.1")) {
            hashes.add(Hashes.of(text, 0));
        }
        assertThat(hashes)
                .containsExactly(Hashes.mixed(0xcbf29ce484222325L), Hashes.of("a", 0), Hashes.of("127.0.0.1", 0));
    }
}
