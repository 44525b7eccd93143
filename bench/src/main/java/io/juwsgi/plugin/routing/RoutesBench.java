package io.juwsgi.plugin.routing;

import io.juwsgi.config.Option;
import io.juwsgi.config.Origin;
import io.juwsgi.config.Setting;
import io.juwsgi.plugin.routing.action.Actions;
import io.juwsgi.plugin.routing.condition.Conditions;
import io.juwsgi.plugin.routing.variable.Variables;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteCondition;
import io.juwsgi.spi.route.RouteStage;
import io.juwsgi.spi.route.RouteVariable;
import io.juwsgi.spi.route.RouteWord;
import io.juwsgi.spi.route.RouteWords;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** An exchange past ten routes that do not apply to it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RoutesBench {
    private static final int ROUTES = 10;

    /** How the routes are written: most begin with {@code ^/something}. */
    @Param({"anchored", "floating", "lookahead", "condition"})
    public String routes;

    private final Counting application = new Counting();
    private final Exchange exchange = new DryExchange(new Asked());
    private RoutingFilter filter = new RoutingFilter(tables(List.of()));

    /** Compiles the routes. */
    @Setup
    public void compile() {
        RouteCompilation compilation = new RouteCompilation(new Words(), 100_000, System.getLogger("bench"));
        List<Route> compiled = new ArrayList<>();
        for (int i = 0; i < ROUTES; i++) {
            compiled.add(
                    switch (routes) {
                        case "anchored" -> route(compilation, "^/section" + i + "/(.*)$ redirect:/x/$1");
                        case "floating" -> route(compilation, "\\.php" + i + "$ return:403");
                        case "lookahead" -> route(compilation, "(?=x)section" + i + " return:403");
                        default -> condition(compilation, "equal:${QUERY_STRING};secret" + i + " return:403");
                    });
        }
        filter = new RoutingFilter(tables(compiled));
    }

    private static Route route(RouteCompilation compilation, String value) {
        return compilation.compile(
                new RouteForm.Matching(Subject.PATH), new Setting(Option.list("route"), value, Origin.COMMAND_LINE));
    }

    private static Route condition(RouteCompilation compilation, String value) {
        return compilation.compile(
                new RouteForm.If(true), new Setting(Option.list("route-if"), value, Origin.COMMAND_LINE));
    }

    private static RouteTables tables(List<Route> routes) {
        RouteTable none = new RouteTable(RouteStage.ERROR, List.of());
        return new RouteTables(new RouteTable(RouteStage.REQUEST, routes), none, none, none);
    }

    /** From the chain's call to the application's. */
    @Benchmark
    public int exchange() {
        filter.handle(exchange, application);
        return application.seen;
    }

    private static final class Counting implements Handler {
        private int seen;

        @Override
        public void handle(Exchange exchange) {
            seen++;
        }
    }

    private record Words() implements RouteWords {
        @Override
        public List<RouteWord<RouteAction>> actions() {
            return Actions.all();
        }

        @Override
        public List<RouteWord<RouteCondition>> conditions() {
            return Conditions.all();
        }

        @Override
        public List<RouteWord<RouteVariable>> variables() {
            return Variables.all();
        }
    }

    /** A request as browsers send it. */
    private record Asked() implements Request {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String target() {
            return path() + "?" + query();
        }

        @Override
        public String path() {
            return "/articles/2026/november/a-title-of-some-length.html";
        }

        @Override
        public String query() {
            return "page=2";
        }

        @Override
        public String protocol() {
            return "HTTP/1.1";
        }

        @Override
        public String scheme() {
            return "https";
        }

        @Override
        public String host() {
            return "example.org";
        }

        @Override
        public Fields fields() {
            return Fields.of();
        }

        @Override
        public String remoteAddress() {
            return "127.0.0.1";
        }

        @Override
        public int modifier1() {
            return 0;
        }

        @Override
        public int modifier2() {
            return 0;
        }

        @Override
        public void variables(VariableSink sink) {
            // The routes ask for none that is not above.
        }
    }
}
