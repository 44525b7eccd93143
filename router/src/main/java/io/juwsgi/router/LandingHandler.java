package io.juwsgi.router;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Response;
import java.nio.charset.StandardCharsets;

/** Answers when no application is loaded: a page that tells how to load one. */
final class LandingHandler implements Handler {
    private static final byte[] TEXT = """
            503 Service Unavailable

            juwsgi runs, and no application is loaded. To load one:

              juwsgi --http :8000 --wsgi-file app.py --callable app
              juwsgi --http :8000 --module mysite.wsgi:application

            Without a name, app.py, wsgi.py, main.py or */wsgi.py in the working directory is taken.
            """.getBytes(StandardCharsets.UTF_8);

    @Override
    public void handle(Exchange exchange) {
        exchange.account().why("no-application");
        Fields fields = Fields.of("Content-Type", "text/plain; charset=utf-8", "Cache-Control", "no-store");
        exchange.response().head(new Response(503, "Service Unavailable", fields));
        exchange.response().data(Chunk.of(TEXT));
        exchange.response().end();
    }
}
