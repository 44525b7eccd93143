package io.juwsgi.cache;

import io.juwsgi.cache.rule.ByteRange;
import io.juwsgi.cache.rule.Preconditions;
import io.juwsgi.cache.store.Body;
import io.juwsgi.cache.store.StoredResponse;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Locale;
import java.util.Set;

/** A stored response on its way to a client. Owned by the exchange's event loop. */
final class Hit {
    /** How much is handed on at a time, so that a slow client does not have a copy of a large body waiting for it. */
    private static final int PART = 64 * 1024;
    /** What a 304 tells (RFC 9110 section 15.4.5). */
    private static final Set<String> IN_304 =
            Set.of("age", "cache-control", "cache-status", "content-location", "date", "etag", "expires", "vary");

    private final ResponseSink sink;
    private final byte[] body;
    private final int end;
    private int sent;
    private boolean over;

    private Hit(ResponseSink sink, byte[] body, int from, int end) {
        this.sink = sink;
        this.body = body;
        this.sent = from;
        this.end = end;
    }

    /**
     * Answers an exchange, with 304 or a part when that is what the client asks for.
     *
     * @param status what is added to Cache-Status
     * @return how many bytes of body the client is sent
     * @throws IOException when a file of the cache cannot be opened; nothing was sent
     */
    static long send(Exchange exchange, StoredResponse stored, long nowMillis, String status) throws IOException {
        Request request = exchange.request();
        Fields fields = fields(stored, nowMillis);
        fields.add(CacheStatus.FIELD, status);
        ResponseSink sink = exchange.response();
        if (Preconditions.notModified(request.fields(), stored.status(), stored.fields())) {
            sink.head(new Response(304, "Not Modified", of304(fields)));
            sink.end();
            return 0;
        }
        ByteRange.Wish wish = wish(request, stored);
        if (wish instanceof ByteRange.Wish.Unsatisfiable) {
            fields.set("Content-Range", "bytes */" + stored.totalLength());
            fields.add("Content-Length", "0");
            sink.head(new Response(416, "Range Not Satisfiable", fields));
            sink.end();
            return 0;
        }
        Response head = new Response(stored.status(), stored.reason(), fields);
        if (wish instanceof ByteRange.Wish.Part(ByteRange range)) {
            fields.set("Content-Range", range.field());
            return send(request, sink, new Response(206, "Partial Content", fields), stored, range);
        }
        long length = stored.body().length();
        return send(request, sink, head, stored, new ByteRange(0, length - 1, length));
    }

    private static ByteRange.Wish wish(Request request, StoredResponse stored) {
        String range = request.fields().first("range");
        boolean concerned = range != null
                && request.method().equals("GET")
                && (stored.status() == 200 || stored.status() == 206)
                && Preconditions.rangeHolds(request.fields(), stored.fields());
        return concerned ? ByteRange.wish(range, stored.totalLength()) : new ByteRange.Wish.Whole();
    }

    private static long send(Request request, ResponseSink sink, Response head, StoredResponse stored, ByteRange range)
            throws IOException {
        if (head.status() != 204) {
            head.fields().add("Content-Length", Long.toString(range.count()));
        }
        if (request.method().equals("HEAD") || range.count() == 0) {
            sink.head(head);
            sink.end();
            return 0;
        }
        ByteRange part = stored.part();
        long from = range.first() - (part == null ? 0 : part.first());
        switch (stored.body()) {
            case Body.Bytes(byte[] array) -> {
                sink.head(head);
                new Hit(sink, array, (int) from, (int) (from + range.count())).begin();
            }
            case Body.InFile(var file, long offset, long ignored) -> {
                FileChannel channel = FileChannel.open(file);
                sink.head(head);
                sink.file(new FileRegion(channel, offset + from, range.count()));
                sink.end();
            }
        }
        return range.count();
    }

    /** Returns the fields of a stored response as a client gets them, with its age. */
    static Fields fields(StoredResponse stored, long nowMillis) {
        Fields from = stored.fields();
        Fields fields = new Fields(from.size() + 4);
        for (int i = 0; i < from.size(); i++) {
            fields.add(from.name(i), from.value(i));
        }
        fields.add("Age", Long.toString(stored.freshness().age(nowMillis)));
        return fields;
    }

    /** Returns those fields that a 304 has. */
    static Fields of304(Fields from) {
        Fields fields = new Fields(from.size());
        for (int i = 0; i < from.size(); i++) {
            if (IN_304.contains(from.name(i).toLowerCase(Locale.ROOT))) {
                fields.add(from.name(i), from.value(i));
            }
        }
        return fields;
    }

    private void begin() {
        if (end - sent > PART) {
            sink.onWritable(this::go);
        }
        go();
    }

    private void go() {
        if (over) {
            return;
        }
        do {
            int count = Math.min(PART, end - sent);
            int from = sent;
            sent += count;
            sink.data(new Part(body, from, count));
        } while (sent < end && sink.writable());
        if (sent == end) {
            over = true;
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
