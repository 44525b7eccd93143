package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two servers that share what they have cached through a real Redis, which is slow, full, dies and comes back; through a
 * cluster and behind a sentinel. Whatever happens to it, every request is answered.
 */
class RedisCacheIT {
    private static final String READING_FAILS = "reading from redis fails, so the cache goes on without it";
    private static final String READING_WORKS = "reading from redis works again";
    private static final String WRITING_FAILS = "writing to redis fails, so the cache goes on without it";
    private static final String WRITING_WORKS = "writing to redis works again";

    @TempDir
    Path directory;

    private final List<ForeignServer> started = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (ForeignServer server : started) {
            server.close();
        }
    }

    private ForeignServer redis(String name, int port, String... options) throws Exception {
        Path home = directory.resolve(name);
        ForeignServer server = ForeignServer.redis(Files.createDirectories(home), port, options);
        started.add(server);
        return server;
    }

    private static String cli(int port, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/redis-cli", "-p", Integer.toString(port)));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("REDISCLI_AUTH", "geheim");
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text.strip();
    }

    private static void awaitAnswer(int port, String part, String... words) {
        Waiting.until(String.join(" ", words) + " to say " + part, () -> {
            try {
                return cli(port, words).contains(part);
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static int count(RunningServer server, String text) {
        return server.log().split(Pattern.quote(text), -1).length - 1;
    }

    @Test
    void twoServersShareTheirResponsesAndSurviveTheEndOfRedis() throws Exception {
        int port = ForeignServer.freePort();
        ForeignServer redis = redis("redis", port, "--requirepass", "geheim");
        String url = "redis://:geheim@127.0.0.1:" + port;
        try (Gateways gateways = Gateways.start(directory, "--redis-url", url, "--redis-timeout", "2s")) {
            gateways.awaitSharing("at first", 1);
            gateways.awaitForgettingTogether();
            redis.kill();
            for (int i = 0; i < 10; i++) {
                String path = gateways.fresh();
                assertThat(Gateways.get(gateways.one(), path)).isEqualTo(Gateways.get(gateways.one(), path));
            }
            gateways.one().awaitLine(READING_FAILS);
            redis("redis", port, "--requirepass", "geheim");
            gateways.awaitSharing("again", 1);
            gateways.askUntilLogged(gateways.one(), READING_WORKS);
            gateways.awaitForgettingTogether();
        }
    }

    @Test
    void aSlowAndAFullRedisBehindTlsFailNoRequest() throws Exception {
        certificate();
        int port = ForeignServer.freePort();
        int tls = ForeignServer.freePort();
        Path certificate = directory.resolve("cert.pem");
        redis(
                "redis",
                port,
                "--requirepass",
                "geheim",
                "--tls-port",
                Integer.toString(tls),
                "--tls-cert-file",
                certificate.toString(),
                "--tls-key-file",
                directory.resolve("key.pem").toString(),
                "--tls-auth-clients",
                "no");
        Path secret = Files.writeString(directory.resolve("secret"), "geheim\n");
        try (Relay relay = new Relay(tls);
                Gateways gateways = Gateways.start(
                        directory,
                        "--redis-url",
                        "rediss://127.0.0.1:" + relay.port(),
                        "--redis-ca",
                        certificate.toString(),
                        "--redis-password-file",
                        secret.toString(),
                        "--redis-timeout",
                        "1s")) {
            gateways.awaitSharing("over TLS", 1);
            isSlow(gateways, relay);
            isFull(gateways, port);
        }
    }

    private void certificate() throws Exception {
        String words =
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem"
                        + " -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1";
        var _ = Certificates.run(directory, "", List.of(words.split(" ")));
    }

    private static void isSlow(Gateways gateways, Relay relay) throws Exception {
        RunningServer one = gateways.one();
        relay.delay(Duration.ofSeconds(3));
        gateways.askTogether(one, 4);
        one.awaitLine(READING_FAILS);
        int told = count(one, READING_FAILS);
        for (int i = 0; i < 6; i++) {
            // Not asked, or given up: the same line does not come again while it lasts.
            Gateways.get(one, gateways.fresh());
        }
        assertThat(count(one, READING_FAILS)).isEqualTo(told);
        relay.delay(Duration.ZERO);
        gateways.askUntilLogged(one, READING_WORKS);
        gateways.awaitSharing("when it is quick again", 1);
    }

    private static void isFull(Gateways gateways, int port) throws Exception {
        RunningServer one = gateways.one();
        String before = gateways.fresh();
        String text = Gateways.get(one, before);
        gateways.awaitSharing("before it is full", 1);
        assertThat(cli(port, "CONFIG", "SET", "maxmemory", "1")).isEqualTo("OK");
        int told = count(one, WRITING_FAILS);
        Waiting.until("writing to fail", () -> {
            Gateways.get(one, gateways.fresh());
            return count(one, WRITING_FAILS) > told;
        });
        // It refuses to take anything, and goes on to give.
        assertThat(Gateways.get(gateways.two(), before)).isEqualTo(text);
        for (int i = 0; i < 20; i++) {
            Gateways.get(one, gateways.fresh());
        }
        assertThat(count(one, WRITING_FAILS)).isEqualTo(told + 1);
        assertThat(cli(port, "CONFIG", "SET", "maxmemory", "0")).isEqualTo("OK");
        int worked = count(one, WRITING_WORKS);
        Waiting.until("writing to work", () -> {
            Gateways.get(one, gateways.fresh());
            return count(one, WRITING_WORKS) > worked;
        });
        gateways.awaitSharing("when it has room", 1);
    }

    @Test
    void aClusterThatLosesANodeIsFollowed() throws Exception {
        List<ForeignServer> nodes = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int port = ForeignServer.freePort();
            ports.add(port);
            nodes.add(node("node" + i, port));
        }
        for (int i = 1; i < 4; i++) {
            cli(ports.getFirst(), "CLUSTER", "MEET", "127.0.0.1", ports.get(i).toString(), busOf(ports.get(i)));
        }
        String[] slots = {"0", "5461", "5462", "10922", "10923", "16383"};
        for (int i = 0; i < 3; i++) {
            cli(ports.get(i), "CLUSTER", "ADDSLOTSRANGE", slots[2 * i], slots[2 * i + 1]);
        }
        for (int port : ports) {
            awaitAnswer(port, "cluster_known_nodes:4", "CLUSTER", "INFO");
            awaitAnswer(port, "cluster_state:ok", "CLUSTER", "INFO");
        }
        String first = cli(ports.getFirst(), "CLUSTER", "MYID");
        awaitAnswer(ports.getLast(), "OK", "CLUSTER", "REPLICATE", first);
        awaitAnswer(ports.getLast(), "master_link_status:up", "INFO", "replication");
        try (Gateways gateways = Gateways.start(
                directory,
                "--redis-url",
                "redis://127.0.0.1:" + ports.get(1),
                "--redis-url",
                "redis://127.0.0.1:" + ports.get(2),
                "--redis-cluster",
                "--redis-password",
                "geheim",
                "--redis-timeout",
                "2s")) {
            gateways.awaitSharing("in a cluster", 6);
            gateways.awaitForgettingTogether();
            nodes.getFirst().kill();
            for (int i = 0; i < 20; i++) {
                Gateways.get(gateways.one(), gateways.fresh());
            }
            awaitAnswer(ports.getLast(), "role:master", "INFO", "replication");
            gateways.awaitSharing("with the node's successor", 10);
            gateways.awaitForgettingTogether();
        }
    }

    /** The port of the bus is free as well as the other one. */
    private static final Map<Integer, Integer> BUSES = new ConcurrentHashMap<>();

    private static String busOf(int port) {
        return BUSES.get(port).toString();
    }

    private ForeignServer node(String name, int port) throws Exception {
        int bus = ForeignServer.freePort();
        BUSES.put(port, bus);
        return redis(
                name,
                port,
                "--requirepass",
                "geheim",
                "--masterauth",
                "geheim",
                "--cluster-enabled",
                "yes",
                "--cluster-port",
                Integer.toString(bus),
                "--cluster-announce-ip",
                "127.0.0.1",
                "--cluster-node-timeout",
                "2000",
                "--cluster-require-full-coverage",
                "no",
                "--cluster-replica-validity-factor",
                "0",
                "--repl-diskless-sync-delay",
                "0");
    }

    @Test
    void aSentinelSaysWhoTakesOver() throws Exception {
        int primary = ForeignServer.freePort();
        int replica = ForeignServer.freePort();
        int port = ForeignServer.freePort();
        String[] secret = {"--requirepass", "geheim", "--masterauth", "geheim", "--repl-diskless-sync-delay", "0"};
        ForeignServer first = redis("primary", primary, secret);
        List<String> second = new ArrayList<>(List.of(secret));
        second.addAll(List.of("--replicaof", "127.0.0.1 " + primary));
        redis("replica", replica, second.toArray(String[]::new));
        awaitAnswer(replica, "master_link_status:up", "INFO", "replication");
        awaitAnswer(primary, "state=online", "INFO", "replication");
        Path home = Files.createDirectory(directory.resolve("sentinel"));
        started.add(ForeignServer.redisSentinel(home, port, """
                sentinel monitor main 127.0.0.1 %d 1
                sentinel auth-pass main geheim
                sentinel down-after-milliseconds main 1000
                sentinel failover-timeout main 10000
                """.formatted(primary)));
        awaitAnswer(port, Integer.toString(replica), "SENTINEL", "REPLICAS", "main");
        try (Gateways gateways = Gateways.start(
                directory,
                "--redis-url",
                "redis-sentinel://127.0.0.1:" + port + "/0#main",
                "--redis-password",
                "geheim",
                "--redis-timeout",
                "2s")) {
            gateways.awaitSharing("behind a sentinel", 2);
            first.kill();
            for (int i = 0; i < 20; i++) {
                Gateways.get(gateways.one(), gateways.fresh());
            }
            awaitAnswer(replica, "role:master", "INFO", "replication");
            gateways.awaitSharing("with the one that took over", 2);
            gateways.awaitForgettingTogether();
        }
    }
}
