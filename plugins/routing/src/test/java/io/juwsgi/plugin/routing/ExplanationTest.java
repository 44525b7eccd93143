package io.juwsgi.plugin.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.config.Settings;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.extension.Context;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.TestRequest;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ExplanationTest {

    /** What a component is made with; nothing is carried over. */
    private record Given(Settings settings) implements Context {
        @Override
        public String id() {
            return "routing";
        }

        @Override
        public System.Logger logger() {
            return System.getLogger("routing");
        }

        @Override
        public <T> T carried(Class<T> type, Supplier<? extends T> fresh) {
            return fresh.get();
        }
    }

    private static List<String> explained(TestRequest request, String... options) throws Exception {
        try (PluginUnderTest plugin = PluginUnderTest.of(new RoutingPlugin())) {
            Given context = new Given(plugin.settings(options));
            RouteTables tables = RouteTables.compile(new RoutingSettings(1000), context, new AllWords());
            return new RoutingFilter(tables).explain(request);
        }
    }

    @Test
    void aRequestIsFollowedToTheApplicationAndBack() throws Exception {
        assertThat(explained(
                        TestRequest.get("/a/b?c=d"),
                        "--route",
                        "^/a/(.*) rewrite:/x/$1",
                        "--route-run",
                        "goto:end",
                        "--route-run",
                        "return:500",
                        "--route-label",
                        "end",
                        "--response-route-run",
                        "addheader:X-Out: ${PATH_INFO}"))
                .containsExactly(
                        "command line route = ^/a/(.*) rewrite:/x/$1 applies; the next route is looked at",
                        "command line route-run = goto:end applies; the routes behind end are looked at",
                        "the application gets GET /x/b?c=d, and is taken to answer with 200",
                        "command line response-route-run = addheader:X-Out: ${PATH_INFO} applies;"
                                + " the next route is looked at",
                        "the client gets 200 OK, X-Out: /x/b");
    }

    @Test
    void aRefusalSaysWhy() throws Exception {
        assertThat(explained(TestRequest.get("/"), "--route-run", "break:"))
                .containsExactly(
                        "command line route-run = break: applies; the request ends here",
                        "the client gets 403, because route-break");
    }

    /** A transformation may say something before a response and behind it. */
    @Test
    void theOutcomeTellsOfAllThatTheClientGets() {
        DryExchange exchange = new DryExchange(TestRequest.get("/"));
        exchange.interim(new Response(103, "Early Hints", Fields.of("Link", "</a>")));
        exchange.head(new Response(200, "OK", Fields.of("A", "1")));
        exchange.trailers(Fields.of("B", "2"));
        exchange.end();
        assertThat(exchange.outcome())
                .isEqualTo("the client gets 103 Early Hints, Link: </a>; then 200 OK, A: 1; behind the body, B: 2");
    }
}
