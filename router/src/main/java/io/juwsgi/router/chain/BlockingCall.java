package io.juwsgi.router.chain;

import io.juwsgi.spi.exchange.BlockingExchange;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.WebSocket;
import io.juwsgi.spi.exchange.WebSocketChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One exchange as its blocking handler sees it. Owned by the virtual thread that the handler runs on. */
final class BlockingCall implements BlockingExchange {
    private final Exchange exchange;
    private final int mountLength;
    private final BlockingBody body;
    private final BlockingOutput output;
    private @Nullable WebSocket webSocket;

    /** Made on the exchange's event loop, before the thread starts. */
    BlockingCall(Exchange exchange, int mountLength) {
        this.exchange = exchange;
        this.mountLength = mountLength;
        this.body = new BlockingBody(exchange);
        this.output = new BlockingOutput(exchange);
        exchange.onEnd(() -> {
            body.exchangeEnded();
            output.exchangeEnded();
        });
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
        return exchange.request().path().substring(mountLength);
    }

    @Override
    public InputStream body() {
        return body;
    }

    @Override
    public void status(int status) {
        output.status(status);
    }

    @Override
    public Fields fields() {
        return output.fields();
    }

    @Override
    public void earlyHints(String... links) throws IOException {
        if (output.headSent()) {
            throw new IllegalStateException("early hints: after the response's head (expected: before)");
        }
        if (output.gone()) {
            throw new IOException("the client is gone");
        }
        Fields fields = new Fields();
        for (String link : links) {
            fields.add("Link", link);
        }
        exchange.eventLoop().execute(() -> {
            if (!exchange.ended()) {
                exchange.response().interim(new Response(103, "Early Hints", fields));
            }
        });
    }

    @Override
    public Fields trailers() {
        return output.trailers();
    }

    @Override
    public Fields requestTrailers() {
        return body.trailers();
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public Optional<WebSocket> webSocket(String... protocols) throws IOException {
        CompletableFuture<Optional<WebSocket>> answer = new CompletableFuture<>();
        exchange.eventLoop().execute(() -> {
            try {
                answer.complete(accept(List.of(protocols)));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        Optional<WebSocket> accepted = answer.join();
        if (accepted.isEmpty() && output.gone()) {
            throw new IOException("the client is gone");
        }
        accepted.ifPresent(made -> {
            webSocket = made;
            output.abandon();
        });
        return accepted;
    }

    private Optional<WebSocket> accept(List<String> protocols) {
        BlockingWebSocket made = new BlockingWebSocket(exchange);
        Optional<WebSocketChannel> channel = exchange.webSocket(protocols, made);
        channel.ifPresent(made::open);
        return channel.map(_ -> made);
    }

    @Override
    public void fail(Failure failure) {
        output.abandon();
        body.close();
        exchange.eventLoop().execute(() -> exchange.fail(failure));
    }

    /** The handler has returned. */
    void complete() throws IOException {
        output.close();
        body.close();
        if (webSocket != null) {
            webSocket.close(WebSocket.NORMAL, "");
        }
    }

    /** The handler has thrown; when the client is gone that is no fault of its own. */
    void failed(Conduct conduct, Throwable thrown) {
        body.close();
        if (webSocket != null && webSocket.closeCode() != 0 && thrown instanceof IOException) {
            return;
        }
        if (output.complete() || !output.gone()) {
            exchange.eventLoop().execute(() -> conduct.threw(exchange, thrown));
        }
    }
}
