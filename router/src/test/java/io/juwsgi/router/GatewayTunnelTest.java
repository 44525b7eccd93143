package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.protocol.uwsgi.UwsgiException;
import io.juwsgi.protocol.uwsgi.UwsgiHeader;
import io.juwsgi.protocol.uwsgi.UwsgiVariables;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets that are passed on to upstream servers, and clients that are announced to them. */
@Timeout(120)
class GatewayTunnelTest {
    private static final String ASKS = "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    private static final String ACCEPTS =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nX-Own: 1\r\n\r\n";

    private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();

    private static RouterFixture gateway(String server, String more) {
        return RouterFixture.http(
                Apps.text("own application"),
                "trusted-proxies=192.0.2.1",
                "log-format=%(status) %(why) %(tries)",
                "upstreams=name=app,protocol=http,servers=" + server + more,
                "routes=name=all,upstream=app");
    }

    private FakeServer echo() {
        return new FakeServer(peer -> {
            heads.add(peer.head());
            // Together with the first bytes of the other protocol.
            peer.send(ACCEPTS + "hello");
            peer.in().transferTo(new java.io.OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    peer.send(new byte[] {(byte) b});
                }

                @Override
                public void write(byte[] bytes, int from, int count) throws IOException {
                    peer.send(java.util.Arrays.copyOfRange(bytes, from, from + count));
                }
            });
        });
    }

    @Test
    void aWebSocketIsATunnelFromClientToServer() throws Exception {
        try (FakeServer server = echo();
                RouterFixture gateway = gateway(server.address(), "")) {
            try (Wire client = gateway.connect()) {
                client.send(ASKS + "early");
                assertThat(client.head())
                        .startsWith("HTTP/1.1 101 ")
                        .contains(
                                "Connection: Upgrade\r\n",
                                "Upgrade: websocket\r\n",
                                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n",
                                "X-Own: 1\r\n");
                assertThat(client.read(10)).isEqualTo("helloearly");
                String large = "x".repeat(2_000_000);
                Thread.ofVirtual().start(() -> {
                    try {
                        client.send(large);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
                assertThat(client.read(large.length())).isEqualTo(large);
                assertThat(heads.poll(30, TimeUnit.SECONDS))
                        .contains(
                                "Connection: Upgrade\r\n",
                                "Upgrade: websocket\r\n",
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
            }
            assertThat(gateway.logLine()).isEqualTo("101 - 1");
        }
    }

    @Test
    void aServerThatEndsTheTunnelEndsTheClientsConnection() throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    peer.head();
                    peer.send(ACCEPTS + "bye");
                });
                RouterFixture gateway = gateway(server.address(), "");
                Wire client = gateway.connect()) {
            client.send(ASKS).head();
            assertThat(client.rest()).isEqualTo("bye");
        }
    }

    @Test
    void aClientThatGoesEndsTheServersConnection() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (FakeServer server = new FakeServer(peer -> {
                    peer.head();
                    peer.send(ACCEPTS);
                    peer.awaitEnd();
                    ended.countDown();
                });
                RouterFixture gateway = gateway(server.address(), "")) {
            try (Wire client = gateway.connect()) {
                client.send(ASKS).head();
            }
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anIdleTunnelIsClosedInTime() throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    peer.head();
                    peer.send(ACCEPTS);
                    peer.awaitEnd();
                });
                RouterFixture gateway = gateway(server.address(), ",tunnel-timeout=300ms");
                Wire client = gateway.connect()) {
            client.send(ASKS).head();
            assertThat(client.rest()).isIn("", "<reset>");
            assertThat(gateway.logLine()).isEqualTo("101 upstream-stalled 1");
        }
    }

    @Test
    void aServerMayRefuseAndTheConnectionGoesOn() throws Exception {
        try (FakeServer server = FakeServer.http("no");
                RouterFixture gateway = gateway(server.address(), "");
                Wire client = gateway.connect()) {
            assertThat(client.send(ASKS).response()).startsWith("HTTP/1.1 200").endsWith("no");
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").response())
                    .endsWith("no");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "h2c"})
    void otherUpgradesAndUnwantedOnesAreNotPassedOn(String protocol) throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    heads.add(peer.head());
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                });
                RouterFixture gateway =
                        gateway(server.address(), protocol.equals("websocket") ? ",websockets=false" : "");
                Wire client = gateway.connect()) {
            client.send(ASKS.replace("Upgrade: websocket", "Upgrade: " + protocol));
            assertThat(client.response()).endsWith("ok");
            assertThat(heads.poll(30, TimeUnit.SECONDS)).doesNotContain("Upgrade:");
        }
    }

    @Test
    void serversOfTheUwsgiProtocolAcceptWebSocketsToo() throws Exception {
        BlockingQueue<Map<String, String>> requests = new LinkedBlockingQueue<>();
        try (FakeServer server = new FakeServer(peer -> {
                    UwsgiHeader header = UwsgiHeader.read(peer.read(UwsgiHeader.SIZE), 0);
                    Map<String, String> variables = new TreeMap<>();
                    try {
                        UwsgiVariables.read(peer.read(header.size()), 0, header.size(), variables::put);
                    } catch (UwsgiException e) {
                        throw new IOException(e);
                    }
                    requests.add(variables);
                    peer.send(ACCEPTS);
                    peer.send(peer.read(4));
                });
                RouterFixture gateway =
                        RouterFixture.http(Apps.text("own"), "http-to=" + server.address(), "http-websockets=true");
                Wire client = gateway.connect()) {
            client.send(ASKS).head();
            assertThat(client.send("ping").rest()).isEqualTo("ping");
            assertThat(requests.poll(30, TimeUnit.SECONDS))
                    .containsEntry("HTTP_UPGRADE", "websocket")
                    .containsEntry("HTTP_CONNECTION", "Upgrade");
        }
    }

    @Test
    void aServerIsToldOfTheClientByALine() throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    heads.add(peer.line());
                    heads.add(peer.head());
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    // A connection is one client's.
                    heads.add("then " + peer.head());
                });
                RouterFixture gateway = gateway(server.address(), ",proxy-protocol=v1");
                Wire client = gateway.connect()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").response())
                    .endsWith("ok");
            assertThat(heads.poll(30, TimeUnit.SECONDS))
                    .isEqualTo("PROXY TCP4 127.0.0.1 0.0.0.0 " + client.socket().getLocalPort() + " " + gateway.port());
            assertThat(heads.poll(30, TimeUnit.SECONDS)).startsWith("GET / HTTP/1.1\r\n");
            assertThat(heads.poll(30, TimeUnit.SECONDS)).isEqualTo("then null");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://", "h2c://"})
    void anotherRouterReadsTheHeaderOfVersion2(String scheme) throws Exception {
        try (RouterFixture behind = RouterFixture.http(Apps.mirror(), "enable-proxy-protocol=true");
                RouterFixture gateway =
                        gateway(scheme + "127.0.0.1:" + behind.port(), ",proxy-protocol=v2,forwarded=keep");
                Wire client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(client.rest()).contains("REMOTE_PORT=" + client.socket().getLocalPort() + "\n");
        }
    }

    @Test
    void eventsOfAStreamArriveWhenTheyAreSent() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        try (FakeServer server = new FakeServer(peer -> {
                    peer.head();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "9\r\ndata: 1\n\n\r\n");
                    first.await();
                    peer.send("9\r\ndata: 2\n\n\r\n0\r\nX-Sum: 3\r\n\r\n");
                    peer.awaitEnd();
                });
                RouterFixture gateway = gateway(server.address(), "");
                Wire client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE\r\n\r\n")
                    .head();
            assertThat(client.read(14)).isEqualTo("9\r\ndata: 1\n\n\r\n");
            first.countDown();
            assertThat(client.read(29)).isEqualTo("9\r\ndata: 2\n\n\r\n0\r\nX-Sum: 3\r\n\r\n");
        }
    }
}
