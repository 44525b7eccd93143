package io.juwsgi.router;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Response;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;

/** Answers {@code GET /metrics}; the text is made on a virtual thread, since components may take their time. Immutable. */
public final class MetricsHandler implements Handler {
    static final String PATH = "/metrics";

    private static final System.Logger LOG = System.getLogger(MetricsHandler.class.getName());

    /** A text and its media type. */
    public record Page(String contentType, String text) {}

    /** Makes the text; may block. */
    @FunctionalInterface
    public interface Pages {
        /** Returns the numbers as they are now, in the form that suits {@code accept}, the request's field. */
        Page page(String accept);
    }

    private final Pages pages;

    public MetricsHandler(Pages pages) {
        this.pages = pages;
    }

    @Override
    public void handle(Exchange exchange) {
        String method = exchange.request().method();
        if (!exchange.request().path().equals(PATH)) {
            exchange.fail(Failure.client(404, "no-such-page", "The numbers of this server are at " + PATH + "."));
        } else if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.fail(Failure.client(405, "method", "Only GET and HEAD are answered here."));
        } else {
            String accept = exchange.request().fields().first("Accept");
            Thread.ofVirtual().name("juwsgi-metrics").start(() -> answer(exchange, accept == null ? "" : accept));
        }
    }

    private void answer(Exchange exchange, String accept) {
        try {
            Page page = pages.page(accept);
            exchange.eventLoop().execute(() -> send(exchange, page));
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "request=" + exchange.id() + " metrics failed: " + e, e);
            exchange.eventLoop()
                    .execute(() -> exchange.fail(
                            Failure.gateway(500, "metrics", "The server failed while it answered this request.")));
        }
    }

    private static void send(Exchange exchange, Page page) {
        byte[] text = page.text().getBytes(StandardCharsets.UTF_8);
        exchange.response()
                .head(new Response(
                        200,
                        "OK",
                        Fields.of(
                                "Content-Type",
                                page.contentType(),
                                "Content-Length",
                                Integer.toString(text.length),
                                "Cache-Control",
                                "no-store")));
        exchange.response().data(Chunk.of(text));
        exchange.response().end();
    }
}
