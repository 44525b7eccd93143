package io.juwsgi.router;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.Response;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/** Hand-written applications. */
final class Apps {
    private Apps() {}

    /** Answers with a text. */
    static Handler text(String text) {
        return exchange -> answer(exchange, 200, text);
    }

    /** Answers with the variables, a line each, then an empty line and the body. */
    static Handler mirror() {
        return exchange -> collect(exchange, body -> {
            StringBuilder text = new StringBuilder();
            exchange.request()
                    .variables((name, value) ->
                            text.append(name).append('=').append(value).append('\n'));
            answer(exchange, 200, text.append('\n').append(body).toString());
        });
    }

    /** Answers with the request's body. */
    static Handler echo() {
        return exchange -> collect(exchange, body -> answer(exchange, 200, body));
    }

    static void answer(Exchange exchange, int status, String text) {
        exchange.response().head(new Response(status, "OK", Fields.of("Content-Type", "text/plain")));
        exchange.response().data(Chunk.of(text.getBytes(StandardCharsets.ISO_8859_1)));
        exchange.response().end();
    }

    interface Text {
        void take(String text);
    }

    static void collect(Exchange exchange, Text then) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        exchange.body().read(new RequestBody.Receiver() {
            @Override
            public void data(Chunk chunk) {
                byte[] bytes = new byte[chunk.size()];
                chunk.bytes().get(bytes);
                chunk.release();
                all.writeBytes(bytes);
            }

            @Override
            public void end() {
                then.take(all.toString(StandardCharsets.ISO_8859_1));
            }

            @Override
            public void failed(Failure failure) {
                // The front answers.
            }
        });
    }

    /** Sends {@code count} chunks of 64 KiB as fast as the client takes them. */
    static final class Producer implements Handler {
        static final int CHUNK = 64 * 1024;
        final java.util.concurrent.atomic.AtomicLong produced = new java.util.concurrent.atomic.AtomicLong();
        private final long count;
        private final Fields fields;

        Producer(long count, String... fields) {
            this.count = count;
            this.fields = Fields.of(fields);
        }

        @Override
        public void handle(Exchange exchange) {
            exchange.response().head(new Response(200, "OK", fields));
            exchange.response().onWritable(() -> produce(exchange));
            produce(exchange);
        }

        private void produce(Exchange exchange) {
            while (!exchange.ended() && exchange.response().writable()) {
                if (produced.get() == count) {
                    exchange.response().end();
                    return;
                }
                produced.incrementAndGet();
                exchange.response().data(Chunk.of(new byte[CHUNK]));
            }
        }
    }

    /** Keeps each exchange for the test to answer. */
    static Handler hold(AtomicReference<Exchange> held, java.util.concurrent.CountDownLatch came) {
        return exchange -> {
            held.set(exchange);
            came.countDown();
        };
    }
}
