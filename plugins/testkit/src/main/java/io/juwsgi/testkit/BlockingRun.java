package io.juwsgi.testkit;

import io.juwsgi.spi.exchange.BlockingExchange;
import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.Response;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;

/**
 * One call of a blocking handler, on a virtual thread of its own. Other than in the server the request's body is gathered
 * before the call. Owned by the handler's thread.
 */
final class BlockingRun implements BlockingExchange {
    private final Exchange exchange;
    private final String pathInfo;
    private final InputStream body;
    private final Fields fields = new Fields();
    private final Fields trailers = new Fields(0);
    private final Output output = new Output();
    private int status = 200;
    private boolean headSent;

    private BlockingRun(Exchange exchange, String mount, InputStream body) {
        this.exchange = exchange;
        this.pathInfo = exchange.request().path().substring(mount.length());
        this.body = body;
    }

    /** Gathers the body on the event loop, then calls the handler. */
    static void start(BlockingHandler handler, String mount, Exchange exchange) {
        exchange.body().read(new Gathering() {
            @Override
            void gathered(InputStream body) {
                BlockingRun run = new BlockingRun(exchange, mount, body);
                Thread.ofVirtual().name("test-handler").start(() -> run.call(handler));
            }
        });
    }

    private void call(BlockingHandler handler) {
        try {
            handler.handle(this);
            output.close();
        } catch (Exception | Error e) {
            if (!exchange.ended()) {
                exchange.eventLoop().execute(() -> {
                    exchange.fail(Failure.gateway(500, "plugin-exception", "The handler failed."));
                    throw new AssertionError("the handler failed", e);
                });
            }
        }
    }

    /** Gathers a body. */
    private abstract static class Gathering implements RequestBody.Receiver {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        abstract void gathered(InputStream body);

        @Override
        public void data(Chunk chunk) {
            byte[] part = new byte[chunk.size()];
            chunk.bytes().get(part);
            chunk.release();
            bytes.writeBytes(part);
        }

        @Override
        public void end() {
            gathered(new ByteArrayInputStream(bytes.toByteArray()));
        }

        @Override
        public void failed(Failure failure) {
            gathered(new SequenceInputStream(new ByteArrayInputStream(bytes.toByteArray()), new Broken(failure)));
        }
    }

    /** The end of a body that breaks. */
    private static final class Broken extends InputStream {
        private final Failure failure;

        Broken(Failure failure) {
            this.failure = failure;
        }

        @Override
        public int read() throws IOException {
            throw new IOException(failure.reason());
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return read();
        }
    }

    @Override
    public String id() {
        return exchange.id();
    }

    @Override
    public Request request() {
        return exchange.request();
    }

    @Override
    public String pathInfo() {
        return pathInfo;
    }

    @Override
    public InputStream body() {
        return body;
    }

    @Override
    public void status(int status) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status: " + status + " (expected: 200 to 599)");
        }
        if (headSent) {
            throw new IllegalStateException("status: " + status + " after the head");
        }
        this.status = status;
    }

    @Override
    public Fields fields() {
        return fields;
    }

    @Override
    public void earlyHints(String... links) {
        if (headSent) {
            throw new IllegalStateException("early hints: after the response's head (expected: before)");
        }
        Fields hints = new Fields();
        for (String link : links) {
            hints.add("Link", link);
        }
        exchange.eventLoop().execute(() -> exchange.response().interim(new Response(103, "Early Hints", hints)));
    }

    @Override
    public Fields trailers() {
        return trailers;
    }

    @Override
    public Fields requestTrailers() {
        return exchange.body().trailers();
    }

    @Override
    public OutputStream output() {
        return output;
    }

    /** What is written is sent when it is flushed or closed. */
    private final class Output extends OutputStream {
        private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
        private boolean closed;

        @Override
        public void write(int b) throws IOException {
            check();
            buffer.write(b);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            check();
            buffer.write(from, offset, length);
        }

        private void check() throws IOException {
            if (closed) {
                throw new IOException("the response is complete");
            }
            if (exchange.ended()) {
                throw new IOException("the client is gone");
            }
        }

        @Override
        public void flush() throws IOException {
            check();
            send(false);
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                check();
                closed = true;
                send(true);
            }
        }

        private void send(boolean last) {
            byte[] bytes = buffer.toByteArray();
            buffer.reset();
            boolean first = !headSent;
            headSent = true;
            int said = status;
            exchange.eventLoop().execute(() -> {
                if (first) {
                    exchange.response().head(new Response(said, "", fields));
                }
                if (bytes.length > 0) {
                    exchange.response().data(Chunk.of(bytes));
                }
                if (last) {
                    if (trailers.size() > 0) {
                        exchange.response().trailers(trailers);
                    }
                    exchange.response().end();
                }
            });
        }
    }
}
