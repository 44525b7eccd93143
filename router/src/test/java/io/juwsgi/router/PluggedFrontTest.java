package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import io.juwsgi.router.chain.ExtensionStats;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.front.FrontAnswer;
import io.juwsgi.spi.front.FrontConnection;
import io.juwsgi.spi.front.FrontRequest;
import io.juwsgi.spi.front.ProtocolFront;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fronts of plugins, by a protocol of path, length and body, answered by status, parts and an empty part. */
class PluggedFrontTest {
    private static final int PATIENCE_MILLIS = 60_000;

    /** Reads {@code path (UTF), length (int), body}, answers {@code status (int), parts (int, bytes), 0 (int)}. */
    private static final class PlainFront implements ProtocolFront {
        @Override
        public void serve(FrontConnection connection) throws Exception {
            DataInputStream in = new DataInputStream(connection.input());
            DataOutputStream out = new DataOutputStream(connection.output());
            while (connection.awaitRequest()) {
                String path = in.readUTF();
                int length = in.readInt();
                if (path.equals("/throws")) {
                    throw new IllegalStateException("on purpose");
                }
                Fields variables = new Fields();
                variables.add("REQUEST_METHOD", "POST");
                variables.add("PATH_INFO", path);
                try (FrontAnswer answer = path.equals("/refused")
                        ? connection.refuse(Failure.client(400, "not-plain", "This is no request."))
                        : connection.submit(new FrontRequest(variables, length), connection.input())) {
                    out.writeInt(answer.head().status());
                    byte[] part = new byte[8192];
                    int count;
                    while ((count = answer.body().read(part)) > 0) {
                        out.writeInt(count);
                        out.write(part, 0, count);
                    }
                    out.writeInt(0);
                }
            }
        }
    }

    /** A client of that protocol. */
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;

        Client(RouterFixture router) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), router.port());
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
            out = new DataOutputStream(socket.getOutputStream());
        }

        void ask(String path, byte[] body) throws IOException {
            head(path, body.length);
            out.write(body);
        }

        void head(String path, int length) throws IOException {
            out.writeUTF(path);
            out.writeInt(length);
        }

        int status() throws IOException {
            return in.readInt();
        }

        byte[] part() throws IOException {
            byte[] part = new byte[in.readInt()];
            in.readFully(part);
            return part;
        }

        byte[] body() throws IOException {
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            byte[] part;
            while ((part = part()).length > 0) {
                all.writeBytes(part);
            }
            return all.toByteArray();
        }

        String text(String path) throws IOException {
            ask(path, new byte[0]);
            assertThat(status()).isEqualTo(200);
            return new String(body(), StandardCharsets.UTF_8);
        }

        boolean ended() throws IOException {
            try {
                return in.read() < 0;
            } catch (java.net.SocketException e) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** What the log says of fronts, above DEBUG. */
    private static final class FrontLines extends java.util.logging.Handler implements AutoCloseable {
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final Logger logger = Logger.getLogger("io.juwsgi.router.front.PluggedFront");

        FrontLines() {
            logger.addHandler(this);
        }

        String next() throws InterruptedException {
            return String.valueOf(lines.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
        }

        @Override
        public void publish(LogRecord log) {
            lines.add(log.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }

    private static void answer(Exchange exchange, String text) {
        exchange.response().head(new Response(200, "OK", new Fields()));
        exchange.response().data(Chunk.of(text.getBytes(StandardCharsets.UTF_8)));
        exchange.response().end();
    }

    private static final Handler PATHS = exchange -> answer(
            exchange, exchange.request().method() + " " + exchange.request().path());

    /** Sends the body back as it comes. */
    private static final Handler ECHO = exchange -> {
        exchange.response().head(new Response(200, "OK", new Fields()));
        exchange.response().onWritable(exchange.body()::resume);
        exchange.body().read(new RequestBody.Receiver() {
            @Override
            public void data(Chunk chunk) {
                exchange.response().data(chunk);
                if (!exchange.response().writable()) {
                    exchange.body().pause();
                }
            }

            @Override
            public void end() {
                exchange.response().end();
            }

            @Override
            public void failed(Failure failure) {
                exchange.fail(failure);
            }
        });
    };

    @Test
    void requestsOfOneConnectionAreServedInTurn() throws Exception {
        try (RouterFixture router = RouterFixture.front(new PlainFront(), PATHS);
                Client client = new Client(router)) {
            assertThat(router.listeners.getFirst().protocol()).isEqualTo("plain");
            assertThat(client.text("/one")).isEqualTo("POST /one");
            assertThat(client.text("/two")).isEqualTo("POST /two");
            client.ask("/three", new byte[0]);
            client.ask("/four", new byte[0]);
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.body()).asString().isEqualTo("POST /three");
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.body()).asString().isEqualTo("POST /four");
            assertThat(router.logLine()).contains("/one");
            assertThat(router.router.stats().requests()).isGreaterThanOrEqualTo(1);
        }
    }

    @Test
    void bodiesStreamBothWays() throws Exception {
        byte[] body = new byte[5 << 20];
        Arrays.fill(body, (byte) 'b');
        try (RouterFixture router = RouterFixture.front(new PlainFront(), ECHO);
                Client client = new Client(router)) {
            for (int i = 0; i < 2; i++) {
                Thread writer = Thread.ofVirtual().start(() -> {
                    try {
                        client.ask("/", body);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                assertThat(client.status()).isEqualTo(200);
                assertThat(client.body()).isEqualTo(body);
                writer.join();
            }
        }
    }

    @Test
    void anAnswerMayComeBeforeTheBodysEnd() throws Exception {
        int rest = 10;
        try (RouterFixture router = RouterFixture.front(new PlainFront(), ECHO);
                Client client = new Client(router)) {
            client.head("/", 64 * 1024 + rest);
            client.out.write(new byte[64 * 1024]);
            assertThat(client.status()).isEqualTo(200);
            int got = 0;
            while (got < 64 * 1024) {
                got += client.part().length;
            }
            client.out.write(new byte[rest]);
            assertThat(client.body()).hasSize(rest);
        }
    }

    @Test
    void aSlowClientSlowsTheApplicationDown() throws Exception {
        int parts = 1024;
        CountDownLatch full = new CountDownLatch(1);
        Handler producer = exchange -> {
            exchange.response().head(new Response(200, "OK", new Fields()));
            int[] left = {parts};
            Runnable produce = () -> {
                while (left[0] > 0 && exchange.response().writable()) {
                    left[0]--;
                    exchange.response().data(Chunk.of(new byte[64 * 1024]));
                }
                if (left[0] > 0) {
                    full.countDown();
                } else if (left[0] == 0) {
                    left[0] = -1;
                    exchange.response().end();
                }
            };
            exchange.response().onWritable(produce);
            produce.run();
        };
        try (RouterFixture router = RouterFixture.front(new PlainFront(), producer);
                Client client = new Client(router)) {
            client.ask("/", new byte[0]);
            assertThat(full.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.body()).hasSize(parts * 64 * 1024);
        }
    }

    @Test
    void aFrontThatThrowsHarmsItsConnectionAlone() throws Exception {
        try (FrontLines lines = new FrontLines();
                RouterFixture router = RouterFixture.front(new PlainFront(), PATHS);
                Client other = new Client(router);
                Client client = new Client(router)) {
            client.ask("/throws", new byte[0]);
            assertThat(client.ended()).isTrue();
            assertThat(lines.next())
                    .startsWith("plugin=plain failed on a connection from /127.0.0.1")
                    .contains("on purpose");
            assertThat(other.text("/still")).isEqualTo("POST /still");
        }
    }

    /** What clients and applications do is in the access log; no line says that the front failed. */
    @Test
    void onlyItsOwnFailuresAreTheFrontsInTheLog() throws Exception {
        Handler breaks = exchange -> {
            exchange.response().head(new Response(200, "OK", new Fields()));
            exchange.response().data(Chunk.of(new byte[1]));
            exchange.eventLoop()
                    .execute(() -> exchange.fail(Failure.upstream(502, "worker-died", "The application has died.")));
        };
        try (FrontLines lines = new FrontLines();
                RouterFixture router = RouterFixture.front(new PlainFront(), breaks);
                Client cutOff = new Client(router);
                Client endsEarly = new Client(router);
                Client client = new Client(router)) {
            cutOff.ask("/", new byte[0]);
            while (!cutOff.ended()) {
                // Until the connection is cut.
            }
            endsEarly.head("/", 10);
            endsEarly.socket.shutdownOutput();
            assertThat(endsEarly.ended()).isTrue();
            client.ask("/throws", new byte[0]);
            assertThat(lines.next()).contains("on purpose");
            assertThat(client.ended()).isTrue();
            assertThat(router.router.extensionStats()).containsExactly(new ExtensionStats("plain", 1, 0));
        }
    }

    @Test
    void whatIsNoRequestHasAnAnswerAndALine() throws Exception {
        try (RouterFixture router = RouterFixture.front(new PlainFront(), PATHS);
                Client client = new Client(router)) {
            client.ask("/refused", new byte[0]);
            assertThat(client.status()).isEqualTo(400);
            assertThat(client.body()).asString().contains("This is no request.");
            assertThat(client.ended()).isTrue();
            assertThat(router.logLine()).contains("not-plain");
        }
    }

    @Test
    void aBodyOfUnknownLengthHasTheLimitOfOthers() throws Exception {
        Handler reads = exchange -> exchange.body().read(new RequestBody.Receiver() {
            @Override
            public void data(Chunk chunk) {
                chunk.release();
            }

            @Override
            public void end() {
                answer(exchange, "read");
            }

            @Override
            public void failed(Failure failure) {
                exchange.fail(failure);
            }
        });
        try (RouterFixture router = RouterFixture.front(new PlainFront(), reads, "limit-post=100");
                Client small = new Client(router);
                Client large = new Client(router)) {
            small.head("/", -1);
            small.out.write(new byte[100]);
            small.socket.shutdownOutput();
            assertThat(small.status()).isEqualTo(200);
            large.head("/", -1);
            large.out.write(new byte[101]);
            assertThat(large.status()).isEqualTo(413);
            assertThat(large.body()).asString().contains("larger than 100 bytes");
        }
    }

    @Test
    void aTooLargeBodyIsRefusedUnread() throws Exception {
        try (RouterFixture router = RouterFixture.front(new PlainFront(), PATHS, "limit-post=100");
                Client client = new Client(router)) {
            client.head("/", 101);
            assertThat(client.status()).isEqualTo(413);
        }
    }

    @Test
    void failuresLookAsTheOperatorWants(@TempDir Path directory) throws Exception {
        Path page = Files.writeString(directory.resolve("413.html"), "too much");
        try (RouterFixture router =
                        RouterFixture.front(new PlainFront(), PATHS, "limit-post=100", "error-page=413=" + page);
                Client client = new Client(router)) {
            client.head("/", 101);
            assertThat(client.status()).isEqualTo(413);
            assertThat(client.body()).asString().isEqualTo("too much");
        }
    }

    @Test
    void idleConnectionsEnd() throws Exception {
        try (RouterFixture router = RouterFixture.front(new PlainFront(), PATHS, "http-keepalive=2");
                Client client = new Client(router)) {
            assertThat(client.text("/")).isEqualTo("POST /");
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void aRequestThatStopsInItsHeadEndsInTime() throws Exception {
        try (RouterFixture router = RouterFixture.front(new PlainFront(), PATHS, "socket-timeout=1");
                Client client = new Client(router)) {
            client.out.writeShort(500);
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void aBodyThatStopsIsAnswered408() throws Exception {
        try (RouterFixture router = RouterFixture.front(new PlainFront(), ECHO, "socket-timeout=1");
                Client client = new Client(router)) {
            client.head("/", 200_000);
            client.out.write(new byte[100_000]);
            assertThat(client.status()).isIn(200, 408);
            assertThatThrownBy(() -> {
                        while (client.part().length >= 0) {
                            // Until it is cut.
                        }
                    })
                    .isInstanceOf(IOException.class);
            assertThat(router.logLine()).contains("body-timeout");
        }
    }

    @Test
    void theApplicationHearsOfAClientThatGoes() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Handler waits = exchange -> {
            exchange.onEnd(gone::countDown);
            begun.countDown();
        };
        try (RouterFixture router = RouterFixture.front(new PlainFront(), waits)) {
            try (Client client = new Client(router)) {
                client.ask("/", new byte[0]);
                assertThat(begun.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
                client.socket.setSoLinger(true, 0);
            }
            assertThat(gone.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        }
    }

    @Test
    void aStopLetsRequestsFinishAndEndsIdleConnections() throws Exception {
        BlockingQueue<Exchange> waiting = new LinkedBlockingQueue<>();
        Handler waits = exchange -> {
            if (exchange.request().path().equals("/waits")) {
                waiting.add(exchange);
            } else {
                answer(exchange, "at once");
            }
        };
        try (RouterFixture router = RouterFixture.front(new PlainFront(), waits);
                Client idle = new Client(router);
                Client busy = new Client(router)) {
            assertThat(idle.text("/")).isEqualTo("at once");
            busy.ask("/waits", new byte[0]);
            Exchange held = waiting.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            assertThat(held).isNotNull();
            var drained = router.router.drain(Duration.ofMinutes(2)).toCompletableFuture();
            assertThat(idle.ended()).isTrue();
            assertThat(drained).isNotDone();
            held.eventLoop().execute(() -> answer(held, "at last"));
            assertThat(busy.status()).isEqualTo(200);
            assertThat(busy.body()).asString().isEqualTo("at last");
            assertThat(busy.ended()).isTrue();
            drained.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    void connectionsAreCapped() throws Exception {
        try (RouterFixture router = RouterFixture.front(new PlainFront(), PATHS, "max-connections=1");
                Client first = new Client(router)) {
            assertThat(first.text("/")).isEqualTo("POST /");
            try (Client second = new Client(router)) {
                assertThat(second.ended()).isTrue();
            }
            assertThat(first.text("/again")).isEqualTo("POST /again");
        }
    }

    @Test
    void aNameThatIsNotThereGetsASuggestion() {
        assertThatThrownBy(() -> RouterFixture.front(new PlainFront(), PATHS, "front-socket=plan=127.0.0.1:0")
                        .close())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("there is no protocol front plan (did you mean plain?)");
    }
}
