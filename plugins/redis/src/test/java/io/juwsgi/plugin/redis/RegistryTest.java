package io.juwsgi.plugin.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import io.juwsgi.spi.Handover;
import io.juwsgi.spi.balance.Discovery;
import io.juwsgi.spi.balance.Member;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.Waiting;
import io.juwsgi.testkit.contract.DiscoveryContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that register in a real Redis, and gateways that find them there. */
class RegistryTest {
    private static RedisServer redis;

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

    private static PluginUnderTest plugin(RedisServer server, String... more) throws Exception {
        String[] all = new String[more.length + 3];
        all[0] = "--redis-url=" + server.url();
        all[1] = "--redis-timeout=5s";
        all[2] = "--discover-registry-interval=10ms";
        System.arraycopy(more, 0, all, 3, more.length);
        return PluginUnderTest.of(new RedisPlugin()).start(all);
    }

    private static ServerSocket listening() throws Exception {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static Set<String> addresses(List<List<Member>> told) {
        return told.isEmpty()
                ? Set.of()
                : told.getLast().stream().map(Member::address).collect(java.util.stream.Collectors.toSet());
    }

    @Nested
    class Contract extends DiscoveryContract {
        @Override
        protected Discovery discovery() throws Exception {
            return plugin(redis, "--discover-registry-hold=50ms").component(Discovery.class, "registry");
        }

        @Override
        protected String target(Path directory) throws Exception {
            String name = directory.getFileName().toString();
            redis.command("ZADD juwsgi:m:" + name + " 9999999999999 10.0.0.1:80");
            redis.command("ZADD juwsgi:m:" + name + " 1000 10.0.0.9:80");
            redis.command("ZADD juwsgi:m:" + name + " 9999999999999 /etc/passwd");
            return name;
        }

        @Override
        protected Set<String> addresses() {
            return Set.of("10.0.0.1:80");
        }

        @Override
        protected Set<String> change(Path directory) throws Exception {
            redis.command("ZADD juwsgi:m:" + directory.getFileName() + " 9999999999999 10.0.0.2:80");
            return Set.of("10.0.0.1:80", "10.0.0.2:80");
        }

        @Override
        protected List<String> wrongTargets() {
            return List.of("", "a b", "a*", "a:b", "x".repeat(201));
        }
    }

    @Test
    void aServerIsThereWhileItRunsAndIsLeftOutWhenItLeavesOrDies() throws Exception {
        List<List<Member>> told = new CopyOnWriteArrayList<>();
        try (ServerSocket one = listening();
                ServerSocket two = listening();
                PluginUnderTest gateway = plugin(redis, "--discover-registry-hold=50ms")) {
            String first = "127.0.0.1:" + one.getLocalPort();
            String second = "127.0.0.1:" + two.getLocalPort();
            Discovery discovery = gateway.component(Discovery.class, "registry");
            try (AutoCloseable _ = discovery.watch("life", told::add);
                    PluginUnderTest leaves =
                            plugin(redis, "--register-to=" + first + "=life weight=3 zone=a", "--register-ttl=60");
                    PluginUnderTest dies = plugin(redis, "--register-to=" + second + "=life", "--register-ttl=1")) {
                Waiting.until("both", () -> addresses(told).equals(Set.of(first, second)));
                assertThat(told.getLast()).contains(new Member(first, 3, false, "a", -1, -1));
                leaves.offering(Handover.class).forEach(component -> component.leaving(false));
                Waiting.until("the first to leave", () -> addresses(told).equals(Set.of(second)));
                dies.close();
                Waiting.until(
                        "the second to be forgotten", () -> addresses(told).isEmpty());
            }
        }
    }

    private static boolean registered(RedisServer server) {
        try {
            return server.command("ZCARD juwsgi:m:life").equals(":1");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aRedisThatDiesOrForgetsCostsNobodyItsServers() throws Exception {
        List<List<Member>> told = new CopyOnWriteArrayList<>();
        RedisServer mortal = RedisServer.start(own);
        try (ServerSocket one = listening();
                PluginUnderTest gateway = plugin(mortal, "--discover-registry-hold=60s");
                PluginUnderTest _ =
                        plugin(mortal, "--register-to=127.0.0.1:" + one.getLocalPort() + "=life", "--register-ttl=1")) {
            Set<String> there = Set.of("127.0.0.1:" + one.getLocalPort());
            Discovery discovery = gateway.component(Discovery.class, "registry");
            try (AutoCloseable _ = discovery.watch("life", told::add)) {
                Waiting.until("the server", () -> addresses(told).equals(there));
                mortal.kill();
                mortal.restart();
                Waiting.until("it to register again", () -> registered(mortal));
                assertThat(told).as("nothing has changed").hasSize(1);
            }
        } finally {
            mortal.close();
        }
    }

    @Test
    void whoIsNotThereAnyMoreIsHeldForAWhileAfterTrouble() {
        Holding holding = new Holding(100);
        Member one = Member.of("a:1");
        Member two = Member.of("b:1");
        assertThat(holding.found(List.of(one, two), 0)).containsExactly(one, two);
        assertThat(holding.found(List.of(one), 1)).as("it has left").containsExactly(one);
        assertThat(holding.found(List.of(), 2)).as("nobody at once").containsExactly(one);
        assertThat(holding.found(List.of(two), 3)).containsExactly(one, two);
        assertThat(holding.found(List.of(two), 103)).containsExactly(two);
        holding.failed(200);
        assertThat(holding.found(List.of(), 250)).containsExactly(two);
        assertThat(holding.found(List.of(), 301)).isEmpty();
    }

    @Test
    void membersOfOthersChooseNoFiles() {
        for (String wrong : List.of("/etc/passwd", "a:1 zone", "a:1 weight=0", "", "x".repeat(600), "a:1\nb")) {
            assertThatThrownBy(() -> Registry.member(wrong.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatIsRegisteredCanBeReached() {
        assertThat(Registrar.Entry.parse("app weight=2", "10.0.0.1:3031", "eu").member())
                .isEqualTo(new Member("10.0.0.1:3031", 2, false, "eu", -1, -1));
        assertThat(Registrar.Entry.parse("[fd00::1]:80=app zone=us backup", "", "eu")
                        .member())
                .isEqualTo(new Member("[fd00::1]:80", 1, true, "us", -1, -1));
        for (String wrong : List.of("", "app", "0.0.0.0:1=app", "/run/a.sock=app", "a:1=b c", "a:1=b weight=x")) {
            assertThatThrownBy(() -> Registrar.Entry.parse(wrong, "", ""))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("register-to: ");
        }
    }
}
