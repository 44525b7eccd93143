package io.juwsgi.cache;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;

/** A stored response on its way to a client. Owned by the exchange's event loop. */
final class Hit {
    /** How much is handed on at a time, so that a slow client does not have a copy of a large body waiting for it. */
    private static final int PART = 64 * 1024;
    /** What a 304 tells (RFC 9110 section 15.4.5). */
    private static final Set<String> IN_304 =
            Set.of("cache-control", "cache-status", "content-location", "date", "etag", "expires", "vary");

    private final ResponseSink sink;
    private final byte[] body;
    private int sent;

    private Hit(ResponseSink sink, byte[] body) {
        this.sink = sink;
        this.body = body;
    }

    /**
     * Answers an exchange.
     *
     * @param status what is added to Cache-Status
     */
    static void send(Exchange exchange, StoredResponse stored, long nowMillis, String status) {
        boolean notModified = Preconditions.notModified(exchange.request().fields(), stored);
        Fields fields = fields(stored, notModified);
        fields.add("Age", Long.toString(stored.freshness().age(nowMillis)));
        fields.add(CacheStatus.FIELD, status);
        ResponseSink sink = exchange.response();
        if (notModified) {
            sink.head(new Response(304, "Not Modified", fields));
            sink.end();
            return;
        }
        if (stored.status() != 204) {
            fields.add("Content-Length", Integer.toString(stored.body().length));
        }
        sink.head(new Response(stored.status(), stored.reason(), fields));
        if (exchange.request().method().equals("HEAD")) {
            sink.end();
        } else {
            new Hit(sink, stored.body()).begin();
        }
    }

    private static Fields fields(StoredResponse stored, boolean notModified) {
        Fields from = stored.fields();
        Fields fields = new Fields(from.size() + 3);
        for (int i = 0; i < from.size(); i++) {
            if (!notModified || IN_304.contains(from.name(i).toLowerCase(Locale.ROOT))) {
                fields.add(from.name(i), from.value(i));
            }
        }
        return fields;
    }

    private void begin() {
        if (body.length > PART) {
            sink.onWritable(this::go);
        }
        go();
    }

    private void go() {
        if (sent > body.length) {
            return;
        }
        do {
            int count = Math.min(PART, body.length - sent);
            int from = sent;
            sent += count;
            if (count > 0) {
                sink.data(new Part(body, from, count));
            }
        } while (sent < body.length && sink.writable());
        if (sent == body.length) {
            sent++;
            sink.end();
        }
    }

    /** Part of a stored body; nothing is given back. */
    private static final class Part implements Chunk {
        private final byte[] body;
        private final int offset;
        private final int size;

        Part(byte[] body, int offset, int size) {
            this.body = body;
            this.offset = offset;
            this.size = size;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public ByteBuffer bytes() {
            return ByteBuffer.wrap(body, offset, size).slice().asReadOnlyBuffer();
        }

        @Override
        public void release() {
            // The cache keeps the body.
        }
    }
}
