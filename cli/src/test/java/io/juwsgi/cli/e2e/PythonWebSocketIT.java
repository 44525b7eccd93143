package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets of a Python application, with the JDK's client. */
class PythonWebSocketIT {
    private static final String APP = """
            import os, time
            import uwsgi

            def app(environ, start_response):
                path = environ['PATH_INFO']
                if path == '/echo':
                    uwsgi.websocket_handshake()
                    while True:
                        message = uwsgi.websocket_recv()
                        if message == b'raise':
                            raise ValueError('in the middle')
                        if message == b'return':
                            return []
                        if message.startswith(b'\\x00'):
                            uwsgi.websocket_send_binary(message[::-1])
                        else:
                            uwsgi.websocket_send(message.decode().upper())
                if path == '/flood':
                    uwsgi.websocket_handshake('', '', 'flood')
                    for i in range(300):
                        uwsgi.websocket_send(b'x' * 65536)
                    print('flooded', flush=True)
                    return []
                if path == '/ticks':
                    def ticks():
                        uwsgi.websocket_handshake()
                        yield b''
                        try:
                            while True:
                                uwsgi.websocket_send('tick')
                                if uwsgi.websocket_recv_nb() == b'stop':
                                    return
                                time.sleep(0.01)
                        except OSError as error:
                            print('ticks end:', error, flush=True)
                            raise
                    return ticks()
                if path == '/pid':
                    start_response('200 OK', [])
                    return [str(os.getpid()).encode()]
                try:
                    uwsgi.websocket_handshake()
                except OSError as error:
                    start_response('426 Upgrade Required', [])
                    return [str(error).encode()]
            """;

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    /** What a client hears. */
    private static final class Ears implements WebSocket.Listener {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();
        private final boolean slow;
        private int binary;

        Ears(boolean slow) {
            this.slow = slow;
        }

        @Override
        public void onOpen(WebSocket socket) {
            if (!slow) {
                socket.request(1);
            }
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            binary += data.remaining();
            if (last) {
                heard.add("binary " + binary);
                binary = 0;
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }

        String next() throws InterruptedException {
            String message = heard.poll(60, TimeUnit.SECONDS);
            return message == null ? "nothing" : message;
        }

        int code() throws Exception {
            return closed.get(60, TimeUnit.SECONDS);
        }
    }

    private WebSocket connect(RunningServer server, String path, Ears ears, String... protocols) {
        URI uri = URI.create(server.baseUri().replace("http:", "ws:") + path);
        WebSocket.Builder builder = http.newWebSocketBuilder();
        if (protocols.length > 0) {
            builder.subprotocols(protocols[0], java.util.Arrays.copyOfRange(protocols, 1, protocols.length));
        }
        return builder.buildAsync(uri, ears).join();
    }

    private RunningServer serve(String... more) throws Exception {
        Apps.write(directory, APP);
        String[] all = new String[more.length + 8];
        System.arraycopy(
                new String[] {
                    "--http", "127.0.0.1:0", "--wsgi-file", "app.py", "--callable", "app", "--python", Apps.PYTHON
                },
                0,
                all,
                0,
                8);
        System.arraycopy(more, 0, all, 8, more.length);
        return RunningServer.start(directory, all);
    }

    @Test
    void messagesGoBothWaysAndEveryEndIsSeen() throws Exception {
        try (RunningServer server = serve(
                        "--processes", "1", "--threads", "2", "--harakiri", "1", "--http-processes", "2")
                .ready(1)) {
            Ears ears = new Ears(false);
            WebSocket socket = connect(server, "/echo", ears, "chat", "other");
            assertThat(socket.getSubprotocol()).isEqualTo("chat");
            socket.sendText("in ", false).join();
            socket.sendText("two parts", true).join();
            assertThat(ears.next()).isEqualTo("IN TWO PARTS");
            socket.sendPing(ByteBuffer.wrap(new byte[] {1})).join();
            socket.sendBinary(ByteBuffer.wrap(new byte[300_000]), true).join();
            assertThat(ears.next()).isEqualTo("binary 300000");
            // The other core answers meanwhile, and the deadline of requests is not this one's.
            long until = System.nanoTime() + 1_500_000_000L;
            while (System.nanoTime() < until) {
                assertThat(server.get("/pid").statusCode()).isEqualTo(200);
            }
            socket.sendText("still", true).join();
            assertThat(ears.next()).isEqualTo("STILL");
            socket.sendText("return", true).join();
            assertThat(ears.code()).isEqualTo(1000);

            Ears failing = new Ears(false);
            connect(server, "/echo", failing).sendText("raise", true).join();
            assertThat(failing.code()).isEqualTo(1011);
            server.awaitLine("ValueError: in the middle");

            Ears ticking = new Ears(false);
            WebSocket ticks = connect(server, "/ticks", ticking);
            assertThat(ticking.next()).isEqualTo("tick");
            ticks.sendClose(4000, "enough").join();
            server.awaitLine("ticks end: unable to");

            assertThat(server.get("/plain").statusCode()).isEqualTo(426);
            assertThat(server.get("/plain").body()).isEqualTo("unable to complete websocket handshake");
            assertThatThrownBy(() -> connect(server, "/pid", new Ears(false))).hasMessageContaining("WebSocket");
        }
    }

    @Test
    void aSlowClientHoldsTheApplicationBackAndAReloadGivesMercy() throws Exception {
        try (RunningServer server = serve("--processes", "1", "--threads", "2", "--worker-reload-mercy", "5")
                .ready(1)) {
            Ears slow = new Ears(true);
            WebSocket flood = connect(server, "/flood", slow, "flood");
            for (int i = 0; i < 20; i++) {
                assertThat(server.get("/pid").statusCode()).isEqualTo(200);
            }
            assertThat(server.log()).doesNotContain("flooded");
            flood.request(1);
            for (int i = 0; i < 300; i++) {
                assertThat(slow.next()).hasSize(65536);
            }
            server.awaitLine("flooded");
            assertThat(slow.code()).isEqualTo(1000);

            Ears ears = new Ears(false);
            WebSocket socket = connect(server, "/echo", ears);
            socket.sendText("before", true).join();
            assertThat(ears.next()).isEqualTo("BEFORE");
            int from = server.logSize();
            server.signal("HUP");
            server.awaitWorker(1, from);
            socket.sendText("after", true).join();
            assertThat(ears.next()).isEqualTo("AFTER");
            // When the mercy is over the old worker goes.
            assertThat(ears.code()).isNotEqualTo(1000);
            assertThat(server.get("/pid").statusCode()).isEqualTo(200);
        }
    }
}
