package io.juwsgi.plugin.routing;

import io.juwsgi.spi.balance.UpstreamUser;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Explained;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.extension.LifeCycle;
import io.juwsgi.spi.route.RouteStep;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Takes each exchange through the tables of routes. Immutable; bench: RoutesBench. */
final class RoutingFilter implements Filter, Explained, UpstreamUser {
    private final RouteTables tables;

    RoutingFilter(RouteTables tables) {
        this.tables = tables;
    }

    @Override
    public void start() throws Exception {
        for (LifeCycle part : tables.parts()) {
            part.start();
        }
    }

    @Override
    public void handle(Exchange exchange, Handler next) {
        handle(exchange, next, RouteWatch.NONE);
    }

    /** Takes an exchange through the tables and says which routes applied. */
    void handle(Exchange exchange, Handler next, RouteWatch watch) {
        RouteState state = new RouteState(exchange, tables, watch);
        if (!tables.last().isEmpty()) {
            exchange.onEnd(state::ended);
        }
        RouteStep step = state.follow(tables.request());
        if (state.answersNow(step)) {
            RoutedSink sink = new RoutedSink(state, exchange.response());
            sink.answer();
            return;
        }
        Exchange going = state.changedRequest() ? exchange.withRequest(state.request()) : exchange;
        if (tables.watchResponses() || state.changesResponse()) {
            going = going.withResponse(new RoutedSink(state, exchange.response()));
        }
        next.handle(going);
    }

    @Override
    public Set<String> upstreams() {
        return tables.parts().stream()
                .filter(UpstreamUser.class::isInstance)
                .flatMap(part -> ((UpstreamUser) part).upstreams().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public List<String> explain() {
        return Explanation.of(tables);
    }

    @Override
    public List<String> explain(Request request) {
        return Explanation.of(this, request);
    }

    @Override
    public void close() throws Exception {
        for (LifeCycle part : tables.parts().reversed()) {
            part.close();
        }
    }
}
