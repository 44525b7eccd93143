package io.juwsgi.plugin.staticfiles;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestLoop;
import io.juwsgi.testkit.TestRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Which directories are on other machines, and that one that is gone holds up nobody else. */
class RemoteMountsTest {

    @Test
    void theInnermostMountCounts() {
        RemoteMounts mounts = RemoteMounts.parse(List.of(
                "/dev/sda1 / ext4 rw 0 0",
                "server:/x /mnt/with\\040space nfs4 rw 0 0",
                "tmpfs /mnt/with\\040space/local tmpfs rw 0 0",
                "sshfs#h:/ /home/me/remote fuse.sshfs rw 0 0",
                "malformed"));
        assertThat(mounts.hold(Path.of("/srv/app"))).isFalse();
        assertThat(mounts.hold(Path.of("/mnt/with space/a"))).isTrue();
        assertThat(mounts.hold(Path.of("/mnt/with space/local/a"))).isFalse();
        assertThat(mounts.hold(Path.of("/home/me/remote"))).isTrue();
        assertThat(mounts.hold(Path.of("/home/me/remotely"))).isFalse();
    }

    @Test
    void aMachineThatIsGoneIs504AndThen503() throws Exception {
        CountDownLatch back = new CountDownLatch(1);
        try (TestLoop loop = new TestLoop();
                RemoteLookups lookups = new RemoteLookups(Duration.ofMillis(50), (exchange, found) -> {})) {
            List<TestExchange> all = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                TestExchange exchange = TestExchange.of(TestRequest.get("/"), loop);
                all.add(exchange);
                loop.execute(() -> lookups.look(exchange, rest -> {}, () -> waitFor(back)));
            }
            all.forEach(TestExchange::awaitEnd);
            assertThat(all.getFirst().status()).isEqualTo(504);
            assertThat(all.getLast().status()).isEqualTo(503);
            back.countDown();
        }
    }

    private static Lookup.Found waitFor(CountDownLatch back) {
        try {
            back.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }
}
