package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers without a known end, such as server-sent events, of servers of each protocol. */
@Timeout(120)
class GatewayStreamTest {

    private static RouterFixture gateway(String server) {
        return RouterFixture.http(
                Apps.text("own application"),
                "log-format=%(status) %(why) %(tries)",
                "upstreams=name=app,servers=" + server,
                "routes=name=all,upstream=app");
    }

    private static FakeServer events(FakeProtocol protocol, Semaphore seen) {
        return protocol.serve(conversation -> {
            if (conversation.request()) {
                conversation.body();
                conversation.head("Content-Type", "text/event-stream");
                for (int i = 0; i < 5; i++) {
                    conversation.data("data: " + i + "\n\n");
                    // The next one when this one has arrived.
                    seen.acquire();
                }
                conversation.over();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void eventsArriveWhenTheyAreSent(FakeProtocol protocol) throws Exception {
        Semaphore seen = new Semaphore(0);
        try (FakeServer server = events(protocol, seen);
                RouterFixture gateway = gateway(protocol.address(server));
                Wire client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .head();
            for (int i = 0; i < 5; i++) {
                assertThat(client.read(14)).isEqualTo("9\r\ndata: " + i + "\n\n\r\n");
                seen.release();
            }
            assertThat(client.rest()).isEqualTo("0\r\n\r\n");
            assertThat(gateway.logLine()).isEqualTo("200 - 1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void eventsArriveOverHttp2WhenTheyAreSent(FakeProtocol protocol) throws Exception {
        Semaphore seen = new Semaphore(0);
        try (FakeServer server = events(protocol, seen);
                RouterFixture gateway = gateway(protocol.address(server));
                Http2Wire client = Http2Wire.connect(gateway.port())) {
            client.get(1, "/");
            for (int i = 0; i < 5; i++) {
                assertThat(client.await(Http2Wire.DATA, 1).payload()).asString().isEqualTo("data: " + i + "\n\n");
                seen.release();
            }
            assertThat(client.answer(1, "200").status()).isEqualTo("200");
        }
    }

    /** HTTP/2's own windows are in GatewayHttp2Test. */
    static Stream<FakeProtocol> protocolsOfOneStream() {
        return Stream.of(FakeProtocol.values()).filter(protocol -> protocol != FakeProtocol.H2C);
    }

    @ParameterizedTest
    @MethodSource("protocolsOfOneStream")
    void aClientWithASmallWindowHoldsTheServerBack(FakeProtocol protocol) throws Exception {
        // Far more than all buffers between them hold.
        int blocks = 512;
        String block = "x".repeat(65_000);
        AtomicLong sent = new AtomicLong();
        try (FakeServer server = protocol.serve(conversation -> {
                    if (conversation.request()) {
                        conversation.body();
                        conversation.head("Content-Type", "text/event-stream");
                        for (; sent.get() < blocks; sent.incrementAndGet()) {
                            conversation.data(block);
                        }
                        conversation.over();
                    }
                });
                RouterFixture gateway = gateway(protocol.address(server));
                Http2Wire client = Http2Wire.connect(gateway.port())) {
            client.get(1, "/");
            int taken = client.await(Http2Wire.DATA, 1).payload().length;
            long before = -1;
            while (before != sent.get()) {
                before = sent.get();
                TimeUnit.MILLISECONDS.sleep(200);
            }
            assertThat(before).as("blocks of " + blocks).isLessThan(blocks / 2);
            long total = (long) blocks * block.length();
            client.send(Http2Wire.WINDOW_UPDATE, 0, 0, Http2Wire.number(1 << 30));
            client.send(Http2Wire.WINDOW_UPDATE, 0, 1, Http2Wire.number(1 << 30));
            Http2Wire.Answer rest = client.answer(1, "200");
            assertThat(rest.status()).isEqualTo("200");
            assertThat(taken + rest.body().length()).isEqualTo(total);
        }
    }
}
