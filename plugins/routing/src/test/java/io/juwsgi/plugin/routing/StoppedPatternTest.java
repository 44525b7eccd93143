package io.juwsgi.plugin.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.TestChain;
import io.juwsgi.testkit.TestExchange;
import org.junit.jupiter.api.Test;

/** A client that sends what a pattern takes too long for. */
class StoppedPatternTest {
    private static final String EVIL = "/" + "a".repeat(5_000) + "!";

    @Test
    void theRequestIsRefusedBecauseTheRouteMayHaveBeenThereToRefuseIt() throws Exception {
        try (TestChain chain = TestChain.of(new RoutingPlugin(), "--route", "^/(?=a)(a+)+$ return:403")) {
            TestExchange answer = chain.get(EVIL);
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.failure().why()).isEqualTo("route-pattern");
            assertThat(chain.get("/aaa").status()).isEqualTo(403);
        }
    }

    @Test
    void theNumberOfStepsIsASetting() throws Exception {
        try (TestChain chain = TestChain.of(
                new RoutingPlugin(),
                "--route-if",
                "regexp:${PATH_INFO};^/(?=a)a+$ return:403",
                "--routing-pattern-steps",
                "100")) {
            assertThat(chain.get("/aaa").status()).isEqualTo(403);
            assertThat(chain.get("/" + "a".repeat(500)).status()).isEqualTo(500);
        }
    }
}
