package io.juwsgi.plugin.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.balance.FleetLimits;
import io.juwsgi.spi.balance.FleetLimits.Claim;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.Waiting;
import io.juwsgi.testkit.contract.FleetLimitsContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis divides limits as the router relies on, among many gateways, some of which die, and after it was down itself. */
class RedisFleetTest extends FleetLimitsContract {
    private static final Duration LONG = Duration.ofMinutes(10);

    private static @Nullable RedisServer redis;

    @TempDir
    Path own;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        redis = RedisServer.start(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        redis.close();
    }

    @Override
    protected Plugin plugin() {
        return new RedisPlugin();
    }

    @Override
    protected List<String> options() {
        return options(redis);
    }

    private static List<String> options(RedisServer server, String... more) {
        // Nobody is forgotten because the machine is busy.
        List<String> all = new ArrayList<>(
                List.of("--redis-url", server.url(), "--redis-timeout", "5s", "--fleet-redis-ttl", "60s"));
        all.addAll(List.of(more));
        return all;
    }

    private static PluginUnderTest plugin(RedisServer server, String... more) throws Exception {
        return PluginUnderTest.of(new RedisPlugin()).start(options(server, more).toArray(String[]::new));
    }

    private static ShareTable table(RedisServer server) throws Exception {
        return ShareTable.open(new RedisSettings(
                List.of(server.url()),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(5),
                "juwsgi:"));
    }

    /** A gateway that changes its mind. */
    private static final class Fake {
        private final String id;
        private int share;
        private int underWay;
        private int wanted;
        private boolean known;

        Fake(String id) {
            this.id = id;
        }

        int held() {
            return Math.max(share, underWay);
        }

        /** Requests come and go, never more than it may have. */
        void live(Random random, int most) {
            wanted = random.nextInt(4) == 0 ? random.nextInt(2 * most) : wanted;
            int ended = underWay == 0 ? 0 : random.nextInt(underWay + 1);
            underWay -= ended;
            underWay = Math.max(underWay, Math.min(share, wanted));
        }

        void claim(ShareTable table, String upstream, int most) throws Exception {
            share = table.claim(id, new Claim(upstream, "a:1", most, held(), wanted), known, LONG)
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            known = true;
        }
    }

    @Test
    void whatManyHoldNeverExceedsTheLimitAndWhoWantsLittleGetsIt() throws Exception {
        try (ShareTable table = table(redis)) {
            for (int seed = 0; seed < 20; seed++) {
                live(table, new Random(seed), "random" + seed);
            }
        }
    }

    private static void live(ShareTable table, Random random, String upstream) throws Exception {
        int most = 1 + random.nextInt(60);
        List<Fake> fakes = new ArrayList<>();
        int count = 1 + random.nextInt(Math.min(most, 12));
        for (int turn = 0; turn < 150; turn++) {
            if (fakes.size() < count && (fakes.isEmpty() || random.nextInt(5) == 0)) {
                fakes.add(new Fake("gateway" + fakes.size()));
            }
            Fake one = fakes.get(random.nextInt(fakes.size()));
            one.live(random, most);
            one.claim(table, upstream, most);
            int held = fakes.stream().mapToInt(Fake::held).sum();
            assertThat(held).as(upstream + " in turn " + turn).isLessThanOrEqualTo(most);
        }
        // Everybody's requests end, and what they want stays: three rounds, and it is divided.
        fakes.forEach(one -> one.underWay = 0);
        for (int round = 0; round < 3; round++) {
            for (Fake one : fakes) {
                one.claim(table, upstream, most);
            }
        }
        assertThat(fakes.stream().mapToInt(one -> one.share).sum())
                .as("nothing is left over")
                .isEqualTo(most);
        assertFair(fakes, most);
    }

    /** Nobody has less than it wants while another one has more than one above that. */
    private static void assertFair(List<Fake> fakes, int most) {
        for (Fake poor : fakes) {
            assertThat(poor.share).isPositive();
            for (Fake rich : fakes) {
                if (poor.share < poor.wanted && rich.share > poor.share + 1) {
                    throw new AssertionError(poor.id + " has " + poor.share + " and wants " + poor.wanted + ", "
                            + rich.id + " has " + rich.share + " of " + most);
                }
            }
        }
    }

    private static int claim(FleetLimits limits, String upstream, int held, int wanted) {
        return limits.claim(new Claim(upstream, "a:1", 10, held, wanted))
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .handle((share, thrown) -> thrown == null ? share : -1)
                .join();
    }

    @Test
    void whoDiesIsForgotten() throws Exception {
        try (PluginUnderTest lives = plugin(redis);
                ShareTable table = table(redis)) {
            FleetLimits limits = lives.component(FleetLimits.class);
            Fake dies = new Fake("dies");
            dies.wanted = 10;
            dies.claim(table, "mortal", 10);
            assertThat(dies.share).isEqualTo(10);
            table.claim("dies", new Claim("mortal", "a:1", 10, 10, 10), true, Duration.ofMillis(1500))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            Waiting.until("all to be free", () -> claim(limits, "mortal", 0, 10) == 10);
        }
    }

    @Test
    void aRedisThatForgetsGivesNobodyMoreBeforeAllHaveClaimedAgain() throws Exception {
        RedisServer mortal = RedisServer.start(own);
        try (PluginUnderTest one = plugin(mortal);
                PluginUnderTest two = plugin(mortal)) {
            FleetLimits first = one.component(FleetLimits.class);
            FleetLimits second = two.component(FleetLimits.class);
            Waiting.until("an answer", () -> claim(first, "app", 0, 10) == 10);
            assertThat(claim(first, "app", 10, 6)).isEqualTo(10);
            assertThat(claim(second, "app", 0, 4)).as("all is held").isZero();
            assertThat(claim(first, "app", 10, 6)).isEqualTo(6);
            assertThat(claim(first, "app", 6, 6)).isEqualTo(6);
            assertThat(claim(second, "app", 0, 4)).isEqualTo(4);
            mortal.kill();
            assertThat(claim(first, "app", 6, 10)).as("nobody can be asked").isNegative();
            mortal.restart();
            int[] after = {-1};
            Waiting.until("an answer again", () -> (after[0] = claim(first, "app", 6, 10)) >= 0);
            assertThat(after[0]).as("the other one may hold the rest").isEqualTo(6);
            Waiting.until("the other one to be back", () -> claim(second, "app", 4, 4) == 4);
            assertThat(claim(first, "app", 6, 10)).isEqualTo(6);
        } finally {
            mortal.close();
        }
    }

    @Test
    void aClusterIsAskedToo() throws Exception {
        try (RedisServer cluster = RedisServer.start(own, "--cluster-enabled", "yes")) {
            cluster.command("CLUSTER ADDSLOTSRANGE 0 16383");
            try (PluginUnderTest plugin = plugin(cluster, "--redis-cluster")) {
                FleetLimits limits = plugin.component(FleetLimits.class);
                Waiting.until("an answer", () -> claim(limits, "app", 0, 10) == 10);
                assertThat(claim(limits, "other", 0, 1)).isEqualTo(10);
            }
        }
    }

    @Test
    void whatIsWrittenThereByOthersHarmsNobody() throws Exception {
        redis.command("HSET juwsgi:f:odd:a:1 x y");
        redis.command("HSET juwsgi:f:odd:a:1 @ z");
        redis.command("HSET juwsgi:f:odd:a:1 neg -5");
        try (PluginUnderTest plugin = plugin(redis)) {
            FleetLimits limits = plugin.component(FleetLimits.class);
            Waiting.until("an answer", () -> claim(limits, "odd", 0, 5) == 10);
        }
    }

    @Test
    void settingsThatCannotWorkAreRefused() {
        assertThatThrownBy(() -> PluginUnderTest.of(new RedisPlugin()).make("--fleet-redis-ttl=100ms"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("fleet-redis-ttl")
                .hasMessageContaining("expected: at least 1s");
        assertThatThrownBy(() -> PluginUnderTest.of(new RedisPlugin()).make("--fleet-redis-interval=1ms"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("expected: at least 10ms");
    }
}
