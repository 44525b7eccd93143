package io.juwsgi.plugin.routing;

import io.juwsgi.plugin.routing.RouteState.Piece;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import io.juwsgi.spi.route.RouteStep;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes a response, the application's or that of a route, through the tables for responses. When a route answers in its
 * place, the rest of it is dropped. Owned by the exchange's event loop.
 */
final class RoutedSink implements ResponseSink {
    private final RouteState state;
    private final ResponseSink client;
    /** The client with transformations around it, known when the head goes out. */
    private ResponseSink out;

    private boolean replaced;

    RoutedSink(RouteState state, ResponseSink client) {
        this.state = state;
        this.client = client;
        this.out = client;
    }

    /** Sends the response that a route for requests has begun, or an error page. */
    void answer() {
        Response begun = takeResponse();
        if (begun == null) {
            replaced = true;
            state.fail();
            return;
        }
        List<Piece> body = state.takePieces();
        declareLength(begun, body);
        head(begun);
        if (replaced) {
            body.forEach(RoutedSink::drop);
        } else {
            body.forEach(this::emit);
            end();
        }
    }

    /** Returns the response that routes have begun, one around a body alone, or null. */
    private @Nullable Response takeResponse() {
        Response begun = state.takeBegun();
        if (state.refused()) {
            return null;
        }
        return begun == null && state.hasBody() ? new Response(200, "OK", new Fields()) : begun;
    }

    @Override
    public void interim(Response head) {
        if (!replaced) {
            client.interim(head);
        }
    }

    @Override
    public void head(Response head) {
        if (replaced) {
            return;
        }
        state.status(head.status());
        Response passed = through(state.tables().error(), head);
        if (passed != null) {
            state.status(passed.status());
            passed = through(state.tables().response(), passed);
        }
        if (passed == null) {
            return;
        }
        List<Piece> prefix = state.takePieces();
        if (!prefix.isEmpty()) {
            // The application's length does not count what a route sends before it.
            passed.fields().remove("content-length");
        }
        begin(passed);
        prefix.forEach(this::emit);
    }

    /** Returns the head that goes on after a table, or null when a route of it has answered. */
    private @Nullable Response through(RouteTable table, Response head) {
        if (table.isEmpty()) {
            return head;
        }
        RouteStep step = state.follow(table);
        if (!(step instanceof RouteStep.Break)) {
            return Objects.requireNonNullElse(state.takeBegun(), head);
        }
        Response begun = takeResponse();
        replaced = true;
        if (begun == null) {
            state.fail();
            return null;
        }
        List<Piece> body = state.takePieces();
        declareLength(begun, body);
        state.status(begun.status());
        Response last = begun;
        if (table == state.tables().error() && !state.tables().response().isEmpty()) {
            replaced = false;
            Response passed = through(state.tables().response(), begun);
            if (passed == null) {
                body.forEach(RoutedSink::drop);
                return null;
            }
            replaced = true;
            last = passed;
        }
        begin(last);
        body.forEach(this::emit);
        out.end();
        return null;
    }

    /** Says how long a body with files is; the front counts what is in memory by itself. */
    private static void declareLength(Response head, List<Piece> body) {
        if (body.stream().anyMatch(Piece.OfFile.class::isInstance)) {
            long length = body.stream().mapToLong(Piece::length).sum();
            head.fields().set("Content-Length", Long.toString(length));
        }
    }

    private void begin(Response head) {
        state.status(head.status());
        ResponseChanges changes = state.changes();
        if (changes != null) {
            changes.apply(head.fields());
            out = changes.around(client);
        }
        out.head(head);
    }

    private void emit(Piece piece) {
        state.sent(piece.length());
        switch (piece) {
            case Piece.Bytes(Chunk chunk) -> out.data(chunk);
            case Piece.OfFile(FileRegion region) -> out.file(region);
        }
    }

    private static void drop(Piece piece) {
        if (piece instanceof Piece.OfFile(FileRegion region)) {
            region.close();
        }
    }

    @Override
    public void data(Chunk chunk) {
        if (replaced) {
            chunk.release();
        } else {
            state.sent(chunk.size());
            out.data(chunk);
        }
    }

    @Override
    public void file(FileRegion region) {
        if (replaced) {
            region.close();
        } else {
            state.sent(region.count());
            out.file(region);
        }
    }

    @Override
    public void trailers(Fields trailers) {
        if (!replaced) {
            out.trailers(trailers);
        }
    }

    @Override
    public void end() {
        if (!replaced) {
            out.end();
        }
    }

    @Override
    public boolean writable() {
        // What is dropped never waits.
        return replaced || out.writable();
    }

    @Override
    public void onWritable(Runnable listener) {
        client.onWritable(listener);
    }
}
