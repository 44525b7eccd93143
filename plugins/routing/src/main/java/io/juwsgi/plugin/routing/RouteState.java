package io.juwsgi.plugin.routing;

import io.juwsgi.plugin.routing.pattern.PatternLimitException;
import io.juwsgi.spi.exchange.Account;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import io.juwsgi.spi.route.RouteExchange;
import io.juwsgi.spi.route.RouteStage;
import io.juwsgi.spi.route.RouteStep;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What routes know of one exchange and have decided about it. Owned by the exchange's event loop. */
final class RouteState implements RouteExchange {
    private static final System.Logger LOG = System.getLogger(RouteState.class.getName());
    private static final String[] NO_GROUPS = {};
    private static final Failure REFUSED = Failure.client(403, "route-break", "The server refuses this request.");

    private final Exchange exchange;
    private final RouteTables tables;
    private final RouteWatch watch;
    private final long startNanos = System.nanoTime();
    private Request request;
    private RouteStage stage = RouteStage.REQUEST;
    private String[] groups = NO_GROUPS;
    private int status;
    private long bytesSent;
    private @Nullable Response begun;
    private List<Piece> pieces = List.of();
    private @Nullable Failure refusal;
    private @Nullable ResponseChanges changes;

    /** A part of a body that a route sends. */
    sealed interface Piece {
        /** Bytes in memory. */
        record Bytes(Chunk chunk) implements Piece {}

        /** A part of a file. */
        record OfFile(FileRegion region) implements Piece {}

        default long length() {
            return switch (this) {
                case Bytes(Chunk chunk) -> chunk.size();
                case OfFile(FileRegion region) -> region.count();
            };
        }
    }

    RouteState(Exchange exchange, RouteTables tables, RouteWatch watch) {
        this.exchange = exchange;
        this.tables = tables;
        this.watch = watch;
        this.request = exchange.request();
    }

    /** Follows a table; a pattern that was stopped ends the exchange, since it may have been there to refuse it. */
    RouteStep follow(RouteTable table) {
        stage = table.stage();
        if (table.isEmpty()) {
            return RouteStep.CONTINUE;
        }
        try {
            return table.follow(this, watch);
        } catch (PatternLimitException e) {
            LOG.log(System.Logger.Level.WARNING, "request=" + id() + " was stopped: " + e.getMessage());
            refuse(Failure.gateway(500, "route-pattern", "The server failed while it answered this request."));
            return RouteStep.BREAK;
        }
    }

    RouteTables tables() {
        return tables;
    }

    /** Runs the last table. */
    void ended() {
        follow(tables.last());
        drop();
    }

    boolean changedRequest() {
        return request instanceof RoutedRequest;
    }

    boolean changesResponse() {
        return changes != null;
    }

    /** Returns whether the routes answer, and not the application. */
    boolean answersNow(RouteStep step) {
        if (step instanceof RouteStep.Break || !pieces.isEmpty()) {
            return true;
        }
        // The application begins a response of its own.
        begun = null;
        return false;
    }

    /** Takes the response that was begun; null when there is none. */
    @Nullable
    Response takeBegun() {
        Response taken = begun;
        begun = null;
        return taken;
    }

    /** Takes the parts of a body that were given so far. */
    List<Piece> takePieces() {
        List<Piece> taken = pieces;
        pieces = List.of();
        return taken;
    }

    /** Ends the exchange with the page that an action asked for. */
    void fail() {
        drop();
        exchange.fail(refusal == null ? REFUSED : refusal);
    }

    boolean hasBody() {
        return !pieces.isEmpty();
    }

    boolean refused() {
        return refusal != null;
    }

    /** Closes files that are not sent. */
    private void drop() {
        for (Piece piece : takePieces()) {
            if (piece instanceof Piece.OfFile(FileRegion region)) {
                region.close();
            }
        }
    }

    void status(int code) {
        status = code;
    }

    void sent(long bytes) {
        bytesSent += bytes;
    }

    void forgetGroups() {
        groups = NO_GROUPS;
    }

    @Nullable
    ResponseChanges changes() {
        return changes;
    }

    private ResponseChanges changing() {
        ResponseChanges own = changes;
        if (own == null) {
            own = new ResponseChanges();
            changes = own;
        }
        return own;
    }

    @Override
    public String id() {
        return exchange.id();
    }

    @Override
    public RouteStage stage() {
        return stage;
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public Account account() {
        return exchange.account();
    }

    @Override
    public String variable(String name) {
        return RequestVariables.of(request, name);
    }

    @Override
    public void variable(String name, String value) {
        changed().set(name, value);
    }

    @Override
    public void modifiers(int modifier1, int modifier2) {
        changed().modifiers(modifier1, modifier2);
    }

    @Override
    public void upstream(String name) {
        changed().upstream(name);
    }

    private RoutedRequest changed() {
        if (request instanceof RoutedRequest own) {
            return own;
        }
        RoutedRequest own = new RoutedRequest(request);
        request = own;
        return own;
    }

    @Override
    public String group(int index) {
        return index < groups.length ? groups[index] : "";
    }

    @Override
    public void groups(String[] found) {
        groups = found;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public long bytesSent() {
        return bytesSent;
    }

    @Override
    public long elapsedMicros() {
        return (System.nanoTime() - startNanos) / 1000;
    }

    @Override
    public void addField(String name, String value) {
        changing().add(name, value);
    }

    @Override
    public void removeField(String name) {
        changing().remove(name);
    }

    @Override
    public Fields begin(int code, String reason) {
        drop();
        Fields fields = new Fields();
        begun = new Response(code, reason, fields);
        return fields;
    }

    @Override
    public void send(byte[] bytes) {
        add(new Piece.Bytes(Chunk.of(bytes)));
    }

    @Override
    public void send(FileRegion file) {
        add(new Piece.OfFile(file));
    }

    private void add(Piece piece) {
        if (pieces.isEmpty()) {
            pieces = new ArrayList<>(2);
        }
        pieces.add(piece);
    }

    @Override
    public boolean begun() {
        return begun != null;
    }

    @Override
    public void refuse(Failure failure) {
        refusal = failure;
    }

    @Override
    public void transform(UnaryOperator<ResponseSink> transformation) {
        changing().transform(transformation);
    }
}
