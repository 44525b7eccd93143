package io.juwsgi.plugin.routing.action;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.http.FileReply;
import io.juwsgi.spi.http.MediaTypes;
import io.juwsgi.spi.http.Representation;
import io.juwsgi.spi.route.RouteExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A file as a resource of its own, with validators, conditions and ranges. */
final class StaticResponse {
    private StaticResponse() {}

    static void send(RouteExchange exchange, FileAnswer file) {
        String type = MediaTypes.system().of(file.path().toString()).orElse(null);
        FileReply reply =
                FileReply.to(exchange.request(), Representation.of(file.size(), file.changed(), file.etag(), type));
        Fields fields = exchange.begin(reply.status(), reply.reason());
        for (int i = 0; i < reply.fields().size(); i++) {
            fields.add(reply.fields().name(i), reply.fields().value(i));
        }
        Lent lent = new Lent(file, reply.parts().size());
        for (FileReply.Part part : reply.parts()) {
            if (!part.before().isEmpty()) {
                exchange.send(part.before().getBytes(StandardCharsets.US_ASCII));
            }
            exchange.send(new FileRegion(file.channel(), part.from(), part.count(), lent));
        }
        if (reply.parts().isEmpty()) {
            file.close();
        } else if (!reply.close().isEmpty()) {
            exchange.send(reply.close().getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** A file that several parts of a response are sent from; the last one closes it. Owned by the exchange's event loop. */
    private static final class Lent implements AutoCloseable {
        private final FileAnswer file;
        private int users;

        Lent(FileAnswer file, int users) {
            this.file = file;
            this.users = users;
        }

        @Override
        public void close() throws IOException {
            if (--users == 0) {
                file.channel().close();
            }
        }
    }
}
