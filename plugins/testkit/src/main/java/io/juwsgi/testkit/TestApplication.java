package io.juwsgi.testkit;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands behind a plugin's filters in a test: it answers as it is told and remembers what it was asked. Set and read
 * on the test's thread while no exchange is under way.
 */
public final class TestApplication implements Handler {
    private final List<Request> asked = new ArrayList<>();
    private Handler handler = exchange -> reply(exchange, 200, "");

    /** Makes one that answers every request with an empty 200. */
    public TestApplication() {}

    /** Makes it answer with a status, a body in UTF-8 and fields, names and values in turn; returns this. */
    public TestApplication answers(int status, String body, String... fields) {
        return handledBy(exchange -> reply(exchange, status, body, fields));
    }

    /** Makes it do what {@code handler} does; returns this. */
    public TestApplication handledBy(Handler handler) {
        this.handler = handler;
        return this;
    }

    /** Returns the requests that have come, in order. */
    public List<Request> asked() {
        synchronized (asked) {
            return List.copyOf(asked);
        }
    }

    @Override
    public void handle(Exchange exchange) {
        synchronized (asked) {
            asked.add(exchange.request());
        }
        handler.handle(exchange);
    }

    /** Answers an exchange with a whole response; the body stays out for HEAD. */
    public static void reply(Exchange exchange, int status, String body, String... fields) {
        exchange.response().head(new Response(status, "Said", Fields.of(fields)));
        if (!body.isEmpty() && !exchange.request().method().equals("HEAD")) {
            exchange.response().data(Chunk.of(body.getBytes(StandardCharsets.UTF_8)));
        }
        exchange.response().end();
    }
}
