package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.spi.exchange.Exchange;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class DrainTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    @Test
    void closesIdleConnectionsAndFinishesRequests() throws Exception {
        AtomicReference<Exchange> held = new AtomicReference<>();
        CountDownLatch came = new CountDownLatch(1);
        try (RouterFixture router = RouterFixture.http(Apps.hold(held, came));
                Wire idle = router.connect();
                Wire busy = router.connect()) {
            busy.send(GET);
            assertThat(came.await(20, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Void> done =
                    router.router.drain(Duration.ofMinutes(1)).toCompletableFuture();
            assertThat(idle.rest()).isEmpty();
            assertThat(done).isNotDone();
            assertThatThrownBy(() -> new Socket("127.0.0.1", router.port()).close())
                    .isInstanceOf(ConnectException.class);
            held.get().eventLoop().execute(() -> Apps.answer(held.get(), 200, "done"));
            assertThat(busy.rest()).contains("Connection: close\r\n").endsWith("done");
            done.get(20, TimeUnit.SECONDS);
            assertThat(router.router.stats().connections()).isZero();
        }
    }

    @Test
    void endsWhenMercyHasPassed() throws Exception {
        AtomicReference<Exchange> held = new AtomicReference<>();
        CountDownLatch came = new CountDownLatch(1);
        try (RouterFixture router = RouterFixture.http(Apps.hold(held, came));
                Wire busy = router.connect()) {
            busy.send(GET);
            assertThat(came.await(20, TimeUnit.SECONDS)).isTrue();
            router.router.drain(Duration.ofMillis(100)).toCompletableFuture().get(20, TimeUnit.SECONDS);
            router.close();
            assertThat(busy.rest()).doesNotContain("200");
        }
    }

    @Test
    void countsConnectionsRequestsAndBytes() throws Exception {
        try (RouterFixture router = RouterFixture.http(Apps.text("hello"));
                Wire client = router.connect()) {
            String answer = client.send(GET).response();
            router.logLine();
            RouterStats stats = router.router.stats();
            assertThat(stats.connections()).isEqualTo(1);
            assertThat(stats.accepted()).isEqualTo(1);
            assertThat(stats.requests()).isEqualTo(1);
            assertThat(stats.failures()).isZero();
            assertThat(stats.bytesIn()).isEqualTo(GET.length());
            assertThat(stats.bytesOut()).isEqualTo(answer.length());
            assertThat(stats.listeners()).hasSize(1);
        }
    }
}
