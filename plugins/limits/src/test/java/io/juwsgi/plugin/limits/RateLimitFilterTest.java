package io.juwsgi.plugin.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.TestChain;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import org.junit.jupiter.api.Test;

/** Who is refused, and what clients are told. The rates are by the hour: no clock decides here. */
class RateLimitFilterTest {

    private static int status(TestChain chain, String target, String address) {
        return chain.send(TestRequest.get(target).remoteAddress(address)).status();
    }

    @Test
    void whoAsksTooOftenIsTold429AndWhen() throws Exception {
        try (TestChain chain = TestChain.of(new LimitsPlugin(), "--rate-limit-rate", "2/h")) {
            TestExchange first = chain.get("/");
            assertThat(first.status()).isEqualTo(200);
            assertThat(first.field("RateLimit-Policy")).isEqualTo("\"default\";q=2;w=3600");
            assertThat(first.field("RateLimit")).isEqualTo("\"default\";r=1;t=1800");
            assertThat(chain.get("/").status()).isEqualTo(200);
            TestExchange refused = chain.get("/");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(Integer.parseInt(refused.field("Retry-After"))).isBetween(1, 1800);
            assertThat(refused.field("RateLimit")).startsWith("\"default\";r=0;t=");
            assertThat(refused.account().why()).isEqualTo("rate-limited");
            assertThat(chain.asked()).hasSize(2);
            assertThat(status(chain, "/", "127.0.0.2")).isEqualTo(200);
        }
    }

    @Test
    void anIpv6ClientIsItsNetwork() throws Exception {
        try (TestChain chain = TestChain.of(new LimitsPlugin(), "--rate-limit-rate", "1/h")) {
            assertThat(status(chain, "/", "2001:db8:1:2::1")).isEqualTo(200);
            assertThat(status(chain, "/", "2001:db8:1:2:ffff::2")).isEqualTo(429);
            assertThat(status(chain, "/", "2001:db8:1:3::1")).isEqualTo(200);
            assertThat(status(chain, "/", "::ffff:192.0.2.1")).isEqualTo(200);
            assertThat(status(chain, "/", "::ffff:192.0.2.2")).isEqualTo(200);
        }
    }

    @Test
    void limitsMayBeByPathAndField() throws Exception {
        try (TestChain chain = TestChain.of(
                new LimitsPlugin(),
                "--rate-limits",
                "name=login,path=/login,rate=1/h",
                "--rate-limits",
                "name=api,path=/api/,rate=1/h,burst=2,by=header:X-Api-Key")) {
            assertThat(status(chain, "/login", "127.0.0.1")).isEqualTo(200);
            assertThat(status(chain, "/login/x", "127.0.0.1")).isEqualTo(429);
            assertThat(status(chain, "/logins", "127.0.0.1")).isEqualTo(200);
            TestRequest api = TestRequest.get("/api/x").field("X-Api-Key", "a");
            assertThat(chain.send(api).status()).isEqualTo(200);
            assertThat(chain.send(api).field("RateLimit-Policy")).isEqualTo("\"api\";q=2;w=7200");
            assertThat(chain.send(api).status()).isEqualTo(429);
            assertThat(chain.send(TestRequest.get("/api").field("X-Api-Key", "b"))
                            .status())
                    .isEqualTo(200);
            assertThat(chain.get("/").field("RateLimit")).isNull();
        }
    }

    @Test
    void aReloadForgetsNothing() throws Exception {
        PluginUnderTest plugin = PluginUnderTest.of(new LimitsPlugin());
        assertThat(plugin.ids()).contains("rate-limit");
        Rule.State state = new Rule.State(64);
        Rule before = Rule.of("a", "/", Rate.parse("rate", "1/h"), 0, "all", state);
        Rule after = Rule.of("a", "/", Rate.parse("rate", "1/h"), 0, "all", state);
        long now = System.nanoTime();
        assertThat(before.take(1, now)).isPositive();
        assertThat(after.take(1, now)).isNegative();
    }

    @Test
    void wrongLimitsAreToldOf() {
        assertThatThrownBy(() -> TestChain.of(new LimitsPlugin(), "--rate-limit-rate", "fast"))
                .hasMessageContaining("fast (expected: such as 10/s, 100/m, 1000/h or 5000/d)");
        assertThatThrownBy(() -> TestChain.of(new LimitsPlugin(), "--rate-limit"))
                .hasMessageContaining("there is no limit");
        assertThatThrownBy(() ->
                        TestChain.of(new LimitsPlugin(), "--rate-limit-rate", "1/d", "--rate-limit-burst", "1000"))
                .hasMessageContaining("more than a year");
    }
}
