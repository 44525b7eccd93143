package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.Waiting;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways that share through a real Redis: the limit of one server, and who is there. */
@Timeout(180)
class FleetIT {
    private static final Pattern SHARE = Pattern.compile("\"fleet_share\":([0-9]+)");

    @TempDir
    Path directory;

    private Path home;
    private int redisPort;

    @BeforeEach
    void directories() throws Exception {
        home = Files.createDirectory(directory.resolve("gateway"));
        redisPort = ForeignServer.freePort();
    }

    private ForeignServer redis() throws Exception {
        return ForeignServer.redis(directory, redisPort);
    }

    private RunningServer gateway(SlowOrigin origin, String ttl) throws Exception {
        return RunningServer.start(
                home,
                "--http=127.0.0.1:0",
                "--stats=127.0.0.1:0",
                "--redis-url=redis://127.0.0.1:" + redisPort,
                "--redis-timeout=2s",
                "--fleet-redis-ttl=" + ttl,
                "--upstreams=name=app,protocol=http,max-requests=4,fleet=redis,queue=100,queue-time=60s,servers="
                        + origin.address(),
                "--routes=name=all,upstream=app");
    }

    private static int share(RunningServer server) {
        String line = server.awaitLine("stats bound on ");
        int port = Integer.parseInt(line.replaceFirst(".*:([0-9]+)$", "$1"));
        try (Socket socket = new Socket("127.0.0.1", port)) {
            Matcher share = SHARE.matcher(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            return share.find() ? Integer.parseInt(share.group(1)) : -1;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitShare(RunningServer server, int wanted) {
        Waiting.until("a share of " + wanted, () -> share(server) == wanted);
    }

    private static void bothAnswerWithin(int bound, SlowOrigin origin, RunningServer one, RunningServer two)
            throws Exception {
        assertThat(origin.underWay()).isZero();
        origin.most();
        try (Clients first = new Clients(one, 6);
                Clients second = new Clients(two, 6)) {
            first.awaitAnswers(60);
            second.awaitAnswers(60);
            assertThat(first.failures()).isEmpty();
            assertThat(second.failures()).isEmpty();
        }
        assertThat(origin.most()).isBetween(2, bound);
    }

    /** As many requests as the share allows reach the server at a time, whatever others do. */
    private static void allAreUnderWayAtOnce(int count, SlowOrigin origin, RunningServer server) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                answers.add(threads.submit(() -> server.get("/hold").statusCode()));
            }
            Waiting.until(count + " requests at the server", () -> origin.underWay() == count);
            origin.release();
            for (Future<Integer> answer : answers) {
                assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(200);
            }
        }
    }

    @Test
    void theLimitHoldsForAllTogetherWithRedisAndWithoutIt() throws Exception {
        try (SlowOrigin origin = new SlowOrigin(10);
                ForeignServer redis = redis();
                RunningServer one = gateway(origin, "60s")) {
            awaitShare(one, 4);
            try (RunningServer two = gateway(origin, "60s")) {
                awaitShare(two, 2);
                awaitShare(one, 2);
                bothAnswerWithin(4, origin, one, two);
                try (Clients alone = new Clients(one, 6)) {
                    // The other one, which has nothing to do, keeps one.
                    awaitShare(one, 3);
                    assertThat(alone.failures()).isEmpty();
                }
                two.signal("INT");
                assertThat(two.exitCode()).isZero();
                awaitShare(one, 4);
            }
            allAreUnderWayAtOnce(4, origin, one);
            try (RunningServer two = gateway(origin, "60s")) {
                awaitShare(two, 2);
                redis.kill();
                bothAnswerWithin(4, origin, one, two);
                assertThat(share(one) + share(two)).isEqualTo(4);
                one.awaitLine("sharing limits through redis fails, so shares stay as they are");
                try (ForeignServer _ = redis()) {
                    one.awaitLine("sharing limits through redis works again");
                    bothAnswerWithin(4, origin, one, two);
                }
            }
        }
    }

    @Test
    void whoDiesLeavesItsShareToTheOthersAndWhoFindsNoRedisGoesByItself() throws Exception {
        try (SlowOrigin origin = new SlowOrigin(10);
                RunningServer early = gateway(origin, "3s")) {
            awaitShare(early, 4);
            allAreUnderWayAtOnce(4, origin, early);
            try (ForeignServer _ = redis();
                    RunningServer dies = gateway(origin, "3s")) {
                awaitShare(dies, 2);
                awaitShare(early, 2);
                dies.signal("KILL");
                awaitShare(early, 4);
                allAreUnderWayAtOnce(4, origin, early);
            }
        }
    }

    private RunningServer registered(Path behind, int port) throws Exception {
        RunningServer server = RunningServer.start(
                behind,
                "--socket=127.0.0.1:" + port,
                "--module=app:app",
                "--redis-url=redis://127.0.0.1:" + redisPort,
                "--register-to=app");
        server.awaitWorker(1, 0);
        return server;
    }

    private RunningServer finding() throws Exception {
        RunningServer server = RunningServer.start(
                home,
                "--http=127.0.0.1:0",
                "--redis-url=redis://127.0.0.1:" + redisPort,
                "--discover-registry-interval=100ms",
                "--upstreams=name=app,servers=registry:app",
                "--routes=name=all,upstream=app");
        server.awaitLine("has 2 members");
        return server;
    }

    @Test
    void bothFindWhoRegistersAndLoseNothingWhenItReloadsAndLeaves() throws Exception {
        Path behind = Apps.write(Files.createDirectory(directory.resolve("behind")), Apps.PATHS);
        try (ForeignServer _ = redis();
                RunningServer leaves = registered(behind, ForeignServer.freePort());
                RunningServer stays = registered(behind, ForeignServer.freePort());
                RunningServer one = finding();
                RunningServer two = finding();
                Clients first = new Clients(one, 3);
                Clients second = new Clients(two, 3)) {
            for (Clients clients : List.of(first, second)) {
                clients.awaitAnswers(50);
                assertThat(clients.pids()).hasSize(2);
            }
            int from = leaves.logSize();
            leaves.signal("HUP");
            leaves.awaitWorker(1, from);
            first.awaitAnswers(50);
            leaves.signal("INT");
            assertThat(leaves.exitCode()).isZero();
            one.awaitLine("has 1 members");
            two.awaitLine("has 1 members");
            for (Clients clients : List.of(first, second)) {
                clients.awaitAnswers(50);
                assertThat(clients.failures()).isEmpty();
            }
            assertThat(stays.alive()).isTrue();
        }
    }
}
