package io.juwsgi.plugin.staticfiles;

import io.juwsgi.plugin.staticfiles.Lookup.Found;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import io.juwsgi.spi.http.FileReply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Sends what was found. On the exchange's event loop. */
final class FileAnswers {
    private final StaticConfig config;
    private final LongAdder count = new LongAdder();

    FileAnswers(StaticConfig config) {
        this.config = config;
    }

    /** Returns how many answers were sent. */
    long count() {
        return count.sum();
    }

    void send(Exchange exchange, Found found) {
        count.increment();
        switch (found) {
            case Found.Sendable sendable -> send(exchange, sendable);
            case Found.NeedsSlash() -> redirect(exchange);
            case Found.Listable(var directory, var source) ->
                new Listing(config.names()).send(exchange, directory, source);
        }
    }

    private void send(Exchange exchange, Found.Sendable found) {
        OpenFile file = found.file();
        try {
            FileReply reply = FileReply.to(exchange.request(), file.bytes());
            Fields fields = reply.fields();
            if (reply.status() < 400) {
                describe(exchange.request(), found, reply, fields);
            }
            if (config.handover() == null) {
                exchange.response().head(new Response(reply.status(), reply.reason(), fields));
                body(exchange.response(), file, reply);
            } else {
                fields.remove("content-length");
                fields.add(config.handover(), file.asked().toString());
                exchange.response().head(new Response(200, "OK", fields));
            }
        } finally {
            file.release();
        }
        exchange.response().end();
    }

    private void describe(Request request, Found.Sendable found, FileReply reply, Fields fields) {
        if (found.varies()) {
            fields.add("Vary", "Accept-Encoding");
        }
        String coding = found.coding();
        if (coding != null && reply.status() != 304) {
            fields.add("Content-Encoding", coding);
        }
        Expiry ofFile = found.file().traits().expiry();
        Expiry expiry = ofFile != null ? ofFile : config.expiry().ofRequest(request.path(), request.target());
        if (expiry != null) {
            fields.add("Expires", expiry.field(found.file().bytes().modified(), System.currentTimeMillis() / 1000));
        }
    }

    /** Sends what follows a head. */
    static void body(ResponseSink sink, OpenFile file, FileReply reply) {
        List<FileReply.Part> parts = reply.parts();
        for (int i = 0; i < parts.size(); i++) {
            FileReply.Part part = parts.get(i);
            if (!part.before().isEmpty()) {
                sink.data(ascii(part.before()));
            }
            file.send(sink, part.from(), part.count());
        }
        if (!reply.close().isEmpty()) {
            sink.data(ascii(reply.close()));
        }
    }

    private static Chunk ascii(String text) {
        return Chunk.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Without the slash, what is relative in the index would be looked for one level too high. */
    private static void redirect(Exchange exchange) {
        Request request = exchange.request();
        String query = request.query().isEmpty() ? "" : "?" + request.query();
        String place = PathText.encoded(request.path()) + "/" + query;
        Fields fields = Fields.of("Location", place, "Content-Type", "text/plain; charset=utf-8");
        exchange.response().head(new Response(301, "Moved Permanently", fields));
        exchange.response().data(Chunk.of(("This is " + place + "\n").getBytes(StandardCharsets.UTF_8)));
        exchange.response().end();
    }
}
