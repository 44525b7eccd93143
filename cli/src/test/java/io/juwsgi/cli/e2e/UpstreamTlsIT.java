package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocket.Listener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** juwsgi in front of servers that want more than plain HTTP: TLS, HTTP/2, the PROXY protocol, WebSockets. */
@Timeout(180)
class UpstreamTlsIT {
    @TempDir
    Path directory;

    private Path gateway;
    private Path behind;
    private Certificates certificates;

    @BeforeEach
    void directories() throws Exception {
        gateway = Files.createDirectory(directory.resolve("gateway"));
        behind = Files.createDirectory(directory.resolve("behind"));
        certificates = new Certificates(directory)
                .server("localhost")
                .server("other.example")
                .client("client", "/CN=gateway");
    }

    private ForeignServer nginx(int tls, int plain, int announced) throws Exception {
        return ForeignServer.nginx(behind, tls, """
                server {
                  listen 127.0.0.1:%1$d ssl http2;
                  ssl_certificate %4$s;
                  ssl_certificate_key %5$s;
                  ssl_client_certificate %6$s;
                  ssl_verify_client optional;
                  location / {
                    add_header X-Sni $ssl_server_name;
                    return 200 "$server_protocol $ssl_client_s_dn $http_host";
                  }
                }
                server {
                  listen 127.0.0.1:%2$d http2;
                  location / {
                    root %7$s;
                  }
                }
                server {
                  listen 127.0.0.1:%3$d proxy_protocol;
                  location / { return 200 "$proxy_protocol_addr $proxy_protocol_port"; }
                }
                """.formatted(
                        tls,
                        plain,
                        announced,
                        certificates.file("localhost.pem"),
                        certificates.file("localhost.key"),
                        certificates.file("ca.pem"),
                        behind));
    }

    @Test
    void nginxIsReachedByTlsHttp2AndTheProxyProtocol() throws Exception {
        int tls = ForeignServer.freePort();
        int plain = ForeignServer.freePort();
        int announced = ForeignServer.freePort();
        byte[] large = new byte[3 << 20];
        Files.write(behind.resolve("large"), large);
        Files.writeString(gateway.resolve("juwsgi.conf"), """
                http = "127.0.0.1:0"
                upstreams {
                  tls {
                    servers = ["https://localhost:%1$d"], tls-ca = "%4$s"
                    check { _ = http, path = /tls, interval = 100ms, timeout = 60s }, fall = 1
                  }
                  h2 {
                    servers = ["h2://localhost:%1$d"], tls-ca = "%4$s"
                    tls-certificate = "%5$s", tls-key = "%6$s"
                    check { _ = tcp, interval = 100ms, timeout = 60s }, fall = 1
                  }
                  stranger { servers = ["https://localhost:%1$d"], tls-ca = "%4$s", tls-name = other.example, tries = 1 }
                  nobody { servers = ["https://localhost:%1$d"], tries = 1 }
                  lax { servers = ["https://localhost:%1$d"], tls-verify = false }
                  h2c { servers = ["h2c://127.0.0.1:%2$d"] }
                  v1 {
                    servers = ["http://127.0.0.1:%3$d"], proxy-protocol = v1
                    check { _ = http, path = /, interval = 100ms, timeout = 60s }, fall = 1
                  }
                  v2 { servers = ["http://127.0.0.1:%3$d"], proxy-protocol = v2 }
                }
                routes {
                  tls { path = /tls, upstream = tls }
                  h2 { path = /h2, upstream = h2 }
                  stranger { path = /stranger, upstream = stranger }
                  nobody { path = /nobody, upstream = nobody }
                  lax { path = /lax, upstream = lax }
                  v1 { path = /v1, upstream = v1 }
                  v2 { path = /v2, upstream = v2 }
                  h2c { upstream = h2c }
                }
                """.formatted(
                        tls,
                        plain,
                        announced,
                        certificates.file("ca.pem"),
                        certificates.file("client.pem"),
                        certificates.file("client.key")));
        try (ForeignServer _ = nginx(tls, plain, announced);
                RunningServer server = RunningServer.start(gateway, "--conf", "juwsgi.conf")) {
            var first = server.get("/tls");
            assertThat(first.body()).startsWith("HTTP/1.1  ");
            assertThat(first.headers().firstValue("x-sni")).contains("localhost");
            assertThat(server.get("/h2").body()).startsWith("HTTP/2.0 CN=gateway 127.0.0.1:");
            assertThat(server.get("/lax").statusCode()).isEqualTo(200);
            assertThat(server.get("/stranger").statusCode()).isEqualTo(502);
            server.awaitLine("why=upstream-tls");
            assertThat(server.get("/nobody").statusCode()).isEqualTo(502);
            assertThat(server.get("/large").body()).hasSize(large.length);
            assertThat(server.get("/v1").body()).startsWith("127.0.0.1 ");
            assertThat(server.get("/v2").body()).startsWith("127.0.0.1 ");
            // By now each has been asked whether it is well, in the same way as by requests.
            assertThat(server.get("/tls").statusCode()).isEqualTo(200);
            assertThat(server.get("/h2").statusCode()).isEqualTo(200);
            assertThat(server.log()).doesNotContain("is down");
        }
    }

    @Test
    void aWebSocketReachesARealUwsgi() throws Exception {
        Files.writeString(behind.resolve("app.py"), """
                import uwsgi

                def app(environ, start_response):
                    uwsgi.websocket_handshake(environ['HTTP_SEC_WEBSOCKET_KEY'], environ.get('HTTP_ORIGIN', ''))
                    while True:
                        uwsgi.websocket_send(uwsgi.websocket_recv().decode()[::-1])
                """);
        try (ForeignServer uwsgi = ForeignServer.uwsgiApp(behind, ForeignServer.freePort());
                RunningServer server = RunningServer.start(
                        gateway, "--http=127.0.0.1:0", "--http-to=" + uwsgi.address(), "--http-websockets");
                HttpClient client = HttpClient.newHttpClient()) {
            CompletableFuture<String> answer = new CompletableFuture<>();
            WebSocket socket = client.newWebSocketBuilder()
                    .buildAsync(URI.create(server.uri("/").toString().replace("http:", "ws:")), new Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                            answer.complete(text.toString());
                            return null;
                        }
                    })
                    .get(60, TimeUnit.SECONDS);
            socket.sendText("tunnel", true).get(60, TimeUnit.SECONDS);
            assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo("lennut");
            socket.abort();
        }
    }

    /** Hears one message at a time, and how it ends. */
    private static final class Ears implements Listener {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            heard.add(text.toString());
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            heard.add("closed " + code);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            heard.add(error.toString());
        }

        String next() throws InterruptedException {
            return heard.poll(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void aWebSocketOverTlsAndHttp2MayBeIdleAndEndOnEitherSide() throws Exception {
        Files.writeString(behind.resolve("app.py"), """
                import uwsgi

                def app(environ, start_response):
                    uwsgi.websocket_handshake()
                    try:
                        while (message := uwsgi.websocket_recv()) != b'end':
                            uwsgi.websocket_send(environ['SERVER_PROTOCOL'] + ' ' + message.decode())
                    except OSError:
                        print('the client has left', flush=True)
                        raise
                    return []
                """);
        String https = "127.0.0.1:0," + certificates.file("localhost.pem") + "," + certificates.file("localhost.key");
        try (RunningServer app = RunningServer.start(
                        behind, "--https", https, "--wsgi-file=app.py", "--callable=app", "--threads=2");
                HttpClient client = HttpClient.newHttpClient()) {
            int port = URI.create(app.boundUri("https")).getPort();
            String upstream = "name=app,timeout=500ms,tls-ca=" + certificates.file("ca.pem");
            try (RunningServer server = RunningServer.start(
                    gateway,
                    "--http=127.0.0.1:0",
                    "--upstreams=" + upstream + ",servers=h2://localhost:" + port,
                    "--routes=name=all,upstream=app")) {
                for (boolean bySelf : new boolean[] {false, true}) {
                    Ears ears = new Ears();
                    WebSocket socket = client.newWebSocketBuilder()
                            .buildAsync(URI.create(server.uri("/").toString().replace("http:", "ws:")), ears)
                            .get(60, TimeUnit.SECONDS);
                    socket.sendText("one", true).get(60, TimeUnit.SECONDS);
                    assertThat(ears.next()).isEqualTo("HTTP/2.0 one");
                    // For longer than a server may be silent otherwise.
                    TimeUnit.MILLISECONDS.sleep(1200);
                    socket.sendText("two", true).get(60, TimeUnit.SECONDS);
                    assertThat(ears.next()).isEqualTo("HTTP/2.0 two");
                    if (bySelf) {
                        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(60, TimeUnit.SECONDS);
                        app.awaitLine("the client has left");
                    } else {
                        socket.sendText("end", true).get(60, TimeUnit.SECONDS);
                    }
                    assertThat(ears.next()).isEqualTo("closed 1000");
                }
                server.awaitLine(line -> line.contains("(HTTP/1.1 101)"));
                assertThat(server.log()).doesNotContain("why=");
            }
        }
    }
}
