package io.juwsgi.plugin.staticfiles;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.http.FileReply;

/**
 * Puts a file in the place of the application's body, where its response names one. Owned by the exchange's event loop.
 */
final class SendfileSink extends ForwardingSink {
    private static final Failure NO_FILE =
            Failure.upstream(404, "sendfile-missing", "There is nothing at this address.");

    private final Exchange exchange;
    private final SendfileTargets targets;
    /** Whether the application's own body is dropped. */
    private boolean replaced;

    SendfileSink(Exchange exchange, SendfileTargets targets) {
        super(exchange.response());
        this.exchange = exchange;
        this.targets = targets;
    }

    @Override
    public void head(Response head) {
        SendfileTargets.Named named = targets.named(head.fields());
        if (named == null) {
            super.head(head);
            return;
        }
        replaced = true;
        OpenFile file = named.open();
        if (file == null) {
            targets.missing(exchange.id(), named);
            exchange.fail(NO_FILE);
            return;
        }
        try {
            send(head, file);
        } finally {
            file.release();
        }
    }

    private void send(Response head, OpenFile file) {
        FileReply reply = FileReply.to(exchange.request(), file.bytes());
        Fields own = head.fields();
        own.remove("content-length");
        Fields fields = reply.fields();
        for (int i = 0; i < fields.size(); i++) {
            // What the application says of the file counts, the form of several parts does not.
            boolean said = own.contains(fields.name(i)) && reply.parts().size() < 2;
            if (!said) {
                own.set(fields.name(i), fields.value(i));
            }
        }
        boolean whole = reply.status() == 200;
        Response sent =
                new Response(whole ? head.status() : reply.status(), whole ? head.reason() : reply.reason(), own);
        super.head(sent);
        FileAnswers.body(exchange.response(), file, reply);
    }

    @Override
    public void data(Chunk chunk) {
        if (replaced) {
            chunk.release();
        } else {
            super.data(chunk);
        }
    }

    @Override
    public void file(FileRegion region) {
        if (replaced) {
            region.close();
        } else {
            super.file(region);
        }
    }

    @Override
    public void trailers(Fields trailers) {
        if (!replaced) {
            super.trailers(trailers);
        }
    }
}
