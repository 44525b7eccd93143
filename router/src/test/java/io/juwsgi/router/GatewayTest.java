package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.protocol.uwsgi.UwsgiHeader;
import io.juwsgi.protocol.uwsgi.UwsgiVariables;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are passed on to upstream servers, and the answers. */
class GatewayTest {
    private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();

    @TempDir
    Path directory;

    private static RouterFixture gateway(String... settings) {
        // The clients of these tests are nobody's proxies, although they come from the loopback address.
        String[] all = Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = "trusted-proxies=192.0.2.1";
        return RouterFixture.http(Apps.text("own application"), all);
    }

    private static RouterFixture httpTo(FakeServer server) {
        return gateway("http-to=http://" + server.address());
    }

    private String head() throws InterruptedException {
        String head = heads.poll(30, TimeUnit.SECONDS);
        assertThat(head).as("a request has come").isNotNull();
        return head;
    }

    @Test
    void httpRequestsArePassedOnWithoutFieldsOfTheConnection() throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    heads.add(peer.head());
                    peer.send("HTTP/1.1 201 Made\r\nContent-Length: 5\r\nX-Own: 1\r\nKeep-Alive: timeout=5\r\n"
                            + "Connection: X-Hop\r\nX-Hop: 1\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\n\r\nhello");
                });
                RouterFixture gateway = httpTo(server);
                Wire client = gateway.connect()) {
            client.send("GET /a%20b?c=%2F HTTP/1.1\r\nHost: example.org:8000\r\nConnection: keep-alive, X-Mine\r\n"
                    + "X-Mine: 1\r\nTE: trailers\r\nUpgrade: h2c\r\nX-Forwarded-For: 1.2.3.4\r\n"
                    + "X-Forwarded-Proto: https\r\nVia: 1.0 fred\r\nAccept: */*\r\n\r\n");
            assertThat(client.response())
                    .startsWith("HTTP/1.1 201 Made\r\n")
                    .contains("X-Own: 1\r\n", "Date: Mon, 01 Jan 2024 00:00:00 GMT\r\n")
                    .doesNotContain("X-Hop", "Keep-Alive")
                    .endsWith("\r\n\r\nhello");
            assertThat(head())
                    .isEqualTo("GET /a%20b?c=%2F HTTP/1.1\r\nHost: example.org:8000\r\nAccept: */*\r\n"
                            + "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\n"
                            + "X-Forwarded-Host: example.org:8000\r\nVia: 1.0 fred, 1.1 juwsgi\r\n"
                            + "Connection: TE\r\nTE: trailers\r\n\r\n");
        }
    }

    @Test
    void aPathThatAnotherServerCouldResolveIsSentResolved() throws Exception {
        try (FakeServer server = recording();
                RouterFixture gateway = httpTo(server);
                Wire client = gateway.connect()) {
            client.send("GET /public/%2e%2e/admin?x HTTP/1.1\r\nHost: a\r\n\r\n")
                    .response();
            assertThat(head()).startsWith("GET /admin?x HTTP/1.1\r\n");
            client.send("GET http://b/p?q HTTP/1.1\r\nHost: a\r\n\r\n").response();
            assertThat(head()).startsWith("GET /p?q HTTP/1.1\r\nHost: b\r\n");
        }
    }

    private FakeServer recording() {
        return new FakeServer(peer -> {
            for (String head = peer.head(); head != null; head = peer.head()) {
                heads.add(head);
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        });
    }

    @Test
    void hostAndForwardedFieldsFollowTheSettings() throws Exception {
        try (FakeServer server = recording();
                RouterFixture gateway = gateway(
                        "upstreams=name=app,protocol=http,host=internal.example,forwarded=append,servers="
                                + server.address(),
                        "routes=name=all,upstream=app");
                Wire client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n\r\n")
                    .response();
            assertThat(head())
                    .contains(
                            "Host: internal.example\r\n",
                            "X-Forwarded-For: 127.0.0.1\r\n",
                            "X-Forwarded-Proto: http\r\n",
                            "X-Forwarded-Host: a\r\n")
                    .doesNotContain("1.2.3.4");
        }
    }

    @Test
    void oneConnectionCarriesManyRequests() throws Exception {
        try (FakeServer server = recording();
                RouterFixture gateway = httpTo(server);
                Wire client = gateway.connect()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.send("GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n")
                                .response())
                        .endsWith("ok");
            }
            assertThat(server.connections).hasValue(1);
        }
    }

    @Test
    void bodiesOfKnownAndUnknownLengthArePassedOnBothWays() throws Exception {
        String large = "x".repeat(300_000);
        try (FakeServer server = new FakeServer(peer -> {
                    String head;
                    while ((head = peer.head()) != null) {
                        String body = head.contains("Transfer-Encoding: chunked")
                                ? chunks(peer)
                                : new String(peer.read(length(head)), StandardCharsets.ISO_8859_1);
                        peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + Integer.toHexString(body.length()) + ";x=y\r\n" + body + "\r\n0\r\nT: 1\r\n\r\n");
                    }
                });
                RouterFixture gateway = httpTo(server);
                Wire client = gateway.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nshort");
            assertThat(body(client.response())).isEqualTo("short");
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + large);
            assertThat(body(client.response())).isEqualTo(large);
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + "493e0\r\n" + large
                    + "\r\n0\r\n\r\n");
            assertThat(body(client.response())).isEqualTo(large);
            assertThat(server.connections).hasValue(1);
        }
    }

    private static int length(String head) {
        int at = head.indexOf("Content-Length: ") + 16;
        return Integer.parseInt(head.substring(at, head.indexOf('\r', at)));
    }

    private static String chunks(FakeServer.Peer peer) throws IOException {
        StringBuilder body = new StringBuilder();
        for (int size = Integer.parseInt(peer.line(), 16); size > 0; size = Integer.parseInt(peer.line(), 16)) {
            body.append(new String(peer.read(size), StandardCharsets.ISO_8859_1));
            peer.line();
        }
        peer.line();
        return body.toString();
    }

    /** Returns the body of a response, without chunks. */
    private static String body(String response) {
        StringBuilder body = new StringBuilder();
        int at = response.indexOf("\r\n\r\n") + 4;
        if (!response.contains("Transfer-Encoding: chunked")) {
            return response.substring(at);
        }
        while (true) {
            int lineEnd = response.indexOf("\r\n", at);
            int size = Integer.parseInt(response.substring(at, lineEnd), 16);
            if (size == 0) {
                return body.toString();
            }
            body.append(response, lineEnd + 2, lineEnd + 2 + size);
            at = lineEnd + 2 + size + 2;
        }
    }

    @Test
    void uwsgiServersGetVariablesAndAnswerInHttp() throws Exception {
        BlockingQueue<Map<String, String>> requests = new LinkedBlockingQueue<>();
        try (FakeServer server = new FakeServer(peer -> {
                    Map<String, String> variables = variables(peer);
                    requests.add(variables);
                    String body = new String(
                            peer.read(Integer.parseInt("0" + variables.get("CONTENT_LENGTH"))),
                            StandardCharsets.ISO_8859_1);
                    peer.send("HTTP/1.1 200 OK\r\n\r\n" + variables.get("REQUEST_METHOD") + body);
                });
                RouterFixture gateway = gateway("http-to=" + server.address() + ",5,7");
                Wire client = gateway.connect()) {
            client.send("POST /p?q HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nX-Forwarded-Proto: https\r\n\r\nbody");
            assertThat(body(client.response())).isEqualTo("POSTbody");
            Map<String, String> seen = requests.poll(30, TimeUnit.SECONDS);
            assertThat(seen)
                    .containsEntry("modifiers", "5,7")
                    .containsEntry("PATH_INFO", "/p")
                    .containsEntry("QUERY_STRING", "q")
                    .containsEntry("REMOTE_ADDR", "127.0.0.1")
                    .containsEntry("HTTP_HOST", "a")
                    .containsEntry("HTTP_X_FORWARDED_FOR", "127.0.0.1")
                    .containsEntry("HTTP_X_FORWARDED_PROTO", "http")
                    .containsEntry("REQUEST_SCHEME", "http")
                    .doesNotContainKeys("HTTP_CONNECTION", "HTTPS");
            client.send("POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n"
                    + "y".repeat(100_000) + "\r\n0\r\n\r\n");
            assertThat(body(client.response())).isEqualTo("POST" + "y".repeat(100_000));
            assertThat(requests.poll(30, TimeUnit.SECONDS)).containsEntry("CONTENT_LENGTH", "100000");
        }
    }

    private static Map<String, String> variables(FakeServer.Peer peer) throws IOException {
        UwsgiHeader header = UwsgiHeader.read(peer.read(UwsgiHeader.SIZE), 0);
        Map<String, String> variables = new TreeMap<>();
        variables.put("modifiers", header.modifier1() + "," + header.modifier2());
        try {
            UwsgiVariables.read(peer.read(header.size()), 0, header.size(), variables::put);
        } catch (io.juwsgi.protocol.uwsgi.UwsgiException e) {
            throw new IOException(e);
        }
        return variables;
    }

    @Test
    void unixSocketsAreAddressesToo() throws Exception {
        Path path = directory.resolve("app.sock");
        try (ServerSocketChannel listener =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
                RouterFixture gateway = gateway("http-to=http://" + path);
                Wire client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            try (SocketChannel peer = listener.accept()) {
                BufferedReader request = new BufferedReader(
                        new InputStreamReader(Channels.newInputStream(peer), StandardCharsets.ISO_8859_1));
                while (!request.readLine().isEmpty()) {
                    // The whole head: a socket that is closed with unread bytes sends a reset.
                }
                peer.write(ByteBuffer.wrap("HTTP/1.0 200 OK\r\n\r\nby a path".getBytes(StandardCharsets.US_ASCII)));
            }
            assertThat(body(client.rest())).isEqualTo("by a path");
        }
    }

    @Test
    void routesChooseByHostAndPath() throws Exception {
        try (FakeServer one = FakeServer.http("one");
                FakeServer two = FakeServer.http("two");
                FakeServer three = FakeServer.http("three");
                RouterFixture gateway = gateway(
                        "upstreams=name=one,protocol=http,servers=" + one.address(),
                        "upstreams=name=two,servers=http://" + two.address(),
                        "upstreams=name=three,servers=http://" + three.address(),
                        "routes=name=api,path=/api,upstream=one",
                        "routes=name=v2,path=/api/v2,upstream=two",
                        "routes=name=host,host=*.Example.org,upstream=three");
                Wire client = gateway.connect()) {
            assertThat(answer(client, "a", "/api")).isEqualTo("one");
            assertThat(answer(client, "a", "/api/v2/x")).isEqualTo("two");
            assertThat(answer(client, "a", "/apis")).isEqualTo("own application");
            assertThat(answer(client, "www.example.ORG:8000", "/api")).isEqualTo("three");
            assertThat(answer(client, "example.org", "/")).isEqualTo("own application");
        }
    }

    private static String answer(Wire client, String host, String path) throws IOException {
        String response = client.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .response();
        return response.substring(response.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void httpToLeavesOtherListenersToTheServerItself() throws Exception {
        try (FakeServer server = FakeServer.http("upstream");
                RouterFixture gateway = new RouterFixture(
                        Apps.text("own application"),
                        "http-socket=127.0.0.1:0",
                        "http-to=http://" + server.address())) {
            try (Wire client = gateway.connect()) {
                assertThat(answer(client, "a", "/")).isEqualTo("own application");
            }
        }
    }

    @Test
    void aSlowClientHoldsTheServerBack() throws Exception {
        // Far more than all buffers between them hold.
        int blocks = 1024;
        AtomicLong sent = new AtomicLong();
        try (FakeServer server = new FakeServer(peer -> {
                    peer.head();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + blocks * 65536L + "\r\n\r\n");
                    for (byte[] block = new byte[65536]; sent.get() < blocks; sent.incrementAndGet()) {
                        peer.send(block);
                    }
                });
                RouterFixture gateway = httpTo(server);
                Wire client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .head();
            long before = -1;
            while (before != sent.get()) {
                before = sent.get();
                TimeUnit.MILLISECONDS.sleep(300);
            }
            assertThat(sent.get()).as("blocks sent of " + blocks).isLessThan(blocks / 2);
            long rest = client.socket().getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            assertThat(rest).isEqualTo(blocks * 65536L);
        }
    }
}
