package io.juwsgi.cache;

import io.juwsgi.config.typed.ByteSize;
import io.juwsgi.spi.exchange.Account;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** A cache with an application behind it that a test writes, and a clock that it sets. */
final class Site {
    static final String DATE = "Sat, 21 Nov 2026 12:00:00 GMT";

    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final HttpCache cache;
    private Handler application = exchange -> {
        throw new AssertionError("no application");
    };
    /** The requests that reached the application. */
    final List<Request> asked = new ArrayList<>();

    Site() {
        this(new CacheSettings(ByteSize.parse("1m"), ByteSize.parse("100k")));
    }

    Site(CacheSettings settings) {
        cache = new HttpCache(settings, () -> now);
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    void seconds(long seconds) {
        pass(Duration.ofSeconds(seconds));
    }

    Site application(Handler handler) {
        application = handler;
        return this;
    }

    /** Makes the application answer with a status, a body and fields. */
    Site answers(int status, String body, String... fields) {
        return application(exchange -> reply(exchange, status, body, fields));
    }

    static void reply(Exchange exchange, int status, String body, String... fields) {
        exchange.response().head(new Response(status, "Said", Fields.of(fields)));
        if (!body.isEmpty() && !exchange.request().method().equals("HEAD")) {
            exchange.response().data(Chunk.of(body.getBytes(StandardCharsets.UTF_8)));
        }
        exchange.response().end();
    }

    Answer get(String target, String... fields) {
        return send("GET", target, fields);
    }

    Answer send(String method, String target, String... fields) {
        return send(new Asked(method, target, "example.org", "", Fields.of(fields)), 0);
    }

    Answer send(Asked request, long bodyLength) {
        return send(new Answer(request, bodyLength));
    }

    Answer send(Answer answer) {
        cache.handle(answer, exchange -> {
            asked.add(exchange.request());
            application.handle(exchange);
        });
        return answer;
    }

    /** A request's head. */
    record Asked(String method, String target, String host, String user, Fields fields) implements Request {
        @Override
        public String path() {
            int mark = target.indexOf('?');
            return mark < 0 ? target : target.substring(0, mark);
        }

        @Override
        public String query() {
            int mark = target.indexOf('?');
            return mark < 0 ? "" : target.substring(mark + 1);
        }

        @Override
        public String protocol() {
            return "HTTP/1.1";
        }

        @Override
        public String scheme() {
            return "http";
        }

        @Override
        public String remoteAddress() {
            return "127.0.0.1";
        }

        @Override
        public int modifier1() {
            return 0;
        }

        @Override
        public int modifier2() {
            return 0;
        }

        @Override
        public void variables(VariableSink sink) {
            sink.variable("REMOTE_USER", user);
        }
    }

    /** An exchange that keeps what the client gets. */
    static final class Answer implements Exchange, ResponseSink, RequestBody {
        private final Request request;
        private final long bodyLength;
        private final Account account = new Account();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private Runnable listener = () -> {};
        Response head = new Response(0, "", Fields.of());
        Failure failure;
        boolean ended;
        boolean writable = true;

        Answer(Request request, long bodyLength) {
            this.request = request;
            this.bodyLength = bodyLength;
        }

        int status() {
            return head.status();
        }

        String field(String name) {
            return head.fields().first(name);
        }

        String cacheStatus() {
            return field("Cache-Status");
        }

        boolean hit() {
            return cacheStatus().startsWith("juwsgi; hit");
        }

        String text() {
            return body.toString(StandardCharsets.UTF_8);
        }

        void becomeWritable() {
            writable = true;
            listener.run();
        }

        @Override
        public String id() {
            return "0000000000000000";
        }

        @Override
        public Request request() {
            return request;
        }

        @Override
        public RequestBody body() {
            return this;
        }

        @Override
        public ResponseSink response() {
            return this;
        }

        @Override
        public Executor eventLoop() {
            return Runnable::run;
        }

        @Override
        public void fail(Failure why) {
            failure = why;
            ended = true;
        }

        @Override
        public boolean ended() {
            return ended;
        }

        @Override
        public void onEnd(Runnable listener) {}

        @Override
        public Account account() {
            return account;
        }

        @Override
        public void head(Response given) {
            head = given;
        }

        @Override
        public void data(Chunk chunk) {
            byte[] bytes = new byte[chunk.size()];
            chunk.bytes().get(bytes);
            body.writeBytes(bytes);
            chunk.release();
        }

        @Override
        public void file(FileRegion region) {}

        @Override
        public void end() {
            ended = true;
        }

        @Override
        public boolean writable() {
            return writable;
        }

        @Override
        public void onWritable(Runnable runnable) {
            listener = runnable;
        }

        @Override
        public long length() {
            return bodyLength;
        }

        @Override
        public void read(Receiver receiver) {}

        @Override
        public void pause() {}

        @Override
        public void resume() {}
    }
}
