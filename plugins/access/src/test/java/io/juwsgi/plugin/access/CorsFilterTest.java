package io.juwsgi.plugin.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.testkit.TestChain;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What browsers are told of other sites' pages. */
class CorsFilterTest {
    private static final String APP = "https://app.example";

    private static TestRequest preflight(String origin) {
        return TestRequest.of("OPTIONS", "/x")
                .fields(
                        "Origin",
                        origin,
                        "Access-Control-Request-Method",
                        "PUT",
                        "Access-Control-Request-Headers",
                        "x-own, content-type");
    }

    @Test
    void preflightsAreAnswered() throws Exception {
        try (TestChain chain = TestChain.of(
                new AccessPlugin(),
                "--cors-origins",
                APP,
                "--cors-methods",
                "PUT",
                "--cors-methods",
                "DELETE",
                "--cors-headers",
                "*",
                "--cors-credentials")) {
            TestExchange answer = chain.send(preflight(APP));
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.field("Access-Control-Allow-Origin")).isEqualTo(APP);
            assertThat(answer.field("Access-Control-Allow-Credentials")).isEqualTo("true");
            assertThat(answer.field("Access-Control-Allow-Methods")).isEqualTo("PUT, DELETE");
            assertThat(answer.field("Access-Control-Allow-Headers")).isEqualTo("x-own, content-type");
            assertThat(answer.field("Access-Control-Max-Age")).isEqualTo("600");
            assertThat(chain.send(preflight("https://evil.example")).status()).isEqualTo(403);
            assertThat(chain.asked()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example,https://app.example,https://app.example",
        "https://app.example,https://APP.example,https://APP.example",
        "https://app.example,http://app.example,",
        "https://app.example,https://app.example.evil,",
        "https://*.example.org,https://a.example.org,https://a.example.org",
        "https://*.example.org,https://example.org,",
        "https://*.example.org,https://.example.org,",
        "https://*.example.org,https://evilexample.org,",
        "*,https://whoever.example,*",
        "https://app.example,null,"
    })
    void responsesSayWhoMayReadThem(String allowed, String origin, String said) throws Exception {
        try (TestChain chain = TestChain.of(new AccessPlugin(), "--cors-origins", allowed)) {
            TestExchange answer = chain.send(TestRequest.get("/").field("Origin", origin));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.field("Access-Control-Allow-Origin")).isEqualTo(said);
            assertThat(answer.field("Vary")).isEqualTo(allowed.equals("*") ? null : "Origin");
        }
    }

    @Test
    void theApplicationsWordCountsMore() throws Exception {
        try (TestChain chain = TestChain.of(new AccessPlugin(), "--cors-origins", "*")) {
            chain.application().answers(200, "", "Access-Control-Allow-Origin", APP);
            TestExchange answer = chain.send(TestRequest.get("/").field("Origin", APP));
            assertThat(answer.head().fields().all("Access-Control-Allow-Origin"))
                    .containsExactly(APP);
        }
    }

    @Test
    void everybodyWithCredentialsIsRefused() {
        assertThatThrownBy(() -> TestChain.of(new AccessPlugin(), "--cors-origins", "*", "--cors-credentials"))
                .hasMessageContaining("origins by name");
        assertThatThrownBy(() -> TestChain.of(new AccessPlugin(), "--cors-origins", "app.example"))
                .hasMessageContaining("app.example (expected: such as https://app.example, or *)");
    }
}
