package io.juwsgi.plugin.routing;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.juwsgi.plugin.routing.pattern.PatternLimitException;
import io.juwsgi.plugin.routing.pattern.Patterns;
import io.juwsgi.spi.route.RouteStage;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import java.util.List;

/** Texts of routes and what clients put into them: an exception is either about the configuration, or a bug. */
class RouteFuzzTest {
    private static final RouteCompilation COMPILATION =
            new RouteCompilation(new AllWords(), 1000, System.getLogger("fuzz"));

    @FuzzTest
    void templates(FuzzedDataProvider data) {
        String text = data.consumeString(200);
        String path = data.consumeAsciiString(200);
        try {
            var template = Template.compile(text, COMPILATION);
            RouteTables none = new RouteTables(table(), table(), table(), table());
            TestExchange exchange = TestExchange.of(TestRequest.get("/").field("Cookie", path));
            template.of(new RouteState(exchange, none, RouteWatch.NONE));
        } catch (IllegalArgumentException e) {
            if (e.getMessage() == null) {
                throw e;
            }
        }
    }

    private static RouteTable table() {
        return new RouteTable(RouteStage.REQUEST, List.of());
    }

    @FuzzTest
    void patterns(FuzzedDataProvider data) {
        try {
            Patterns.compile(data.consumeString(100), 1000).find(data.consumeRemainingAsString());
        } catch (IllegalArgumentException | PatternLimitException e) {
            if (e.getMessage() == null) {
                throw e;
            }
        }
    }
}
