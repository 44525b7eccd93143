package com.example.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.spi.Plugin;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.TestChain;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import io.juwsgi.testkit.contract.FilterContract;
import java.util.List;
import org.junit.jupiter.api.Test;

class RewriteHeadersTest extends FilterContract {

    @Override
    protected Plugin plugin() {
        return new RewriteHeadersPlugin();
    }

    @Override
    protected List<String> options() {
        return List.of("--rewrite-headers-request", "Accept-Encoding: .* => identity");
    }

    private TestChain chain(String... options) throws Exception {
        return TestChain.of(plugin(), options);
    }

    @Test
    void fieldsOfRequestsAreRewrittenAndRemoved() throws Exception {
        try (TestChain chain = chain(
                "--rewrite-headers-request", "X-User: (\\w+)@example\\.org => $1",
                "--rewrite-headers-request", "Cookie: .* =>")) {
            chain.send(TestRequest.get("/").field("X-User", "ada@example.org").field("Cookie", "a=b"));
            assertThat(chain.asked().getFirst().fields().first("X-User")).isEqualTo("ada");
            assertThat(chain.asked().getFirst().fields().contains("Cookie")).isFalse();
        }
    }

    @Test
    void fieldsOfResponsesAreRewritten() throws Exception {
        try (TestChain chain = chain("--rewrite-headers-response", "Location: ^http:// => https://")) {
            chain.application().answers(302, "", "Location", "http://example.org/x");
            TestExchange answer = chain.get("/");
            assertThat(answer.field("Location")).isEqualTo("https://example.org/x");
        }
    }

    @Test
    void aPatternThatNeedsExponentialTimeChangesNothingAndBlocksNobody() throws Exception {
        try (TestChain chain = chain("--rewrite-headers-request", "X-A: (a*)*b => never")) {
            String value = "a".repeat(4000);
            chain.send(TestRequest.get("/").field("X-A", value));
            assertThat(chain.asked().getFirst().fields().first("X-A")).isEqualTo(value);
        }
    }

    @Test
    void wrongRulesAreToldWithTheirOptions() {
        assertThatThrownBy(() -> PluginUnderTest.of(plugin())
                        .start("--rewrite-headers-request", "X-A", "--rewrite-headers-response", "X-A: ( => x"))
                .hasMessageContaining("rewrite-headers-request: X-A (expected: Name: pattern => replacement)");
        assertThatThrownBy(() -> PluginUnderTest.of(plugin()).start("--rewrite-headers-response", "X-A: ( => x"))
                .hasMessageContaining("rewrite-headers-response: ( (expected: a regular expression;");
        assertThatThrownBy(() -> PluginUnderTest.of(plugin()).start("--rewrite-headers-response", "X-A: a => $2"))
                .hasMessageContaining("rewrite-headers-response: $2 (expected: groups that the pattern has)");
    }
}
