package io.juwsgi.plugin.headers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.plugin.headers.SecuritySettings.FrameOptions;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the security preset adds to a head, and what settings are refused. */
class SecurityFilterTest {
    private static final SecuritySettings USUAL =
            new SecuritySettings(Duration.ofDays(365), true, FrameOptions.SAMEORIGIN, "no-referrer", "self");

    @Test
    void hstsIsSentOverHttpsOnly() {
        assertThat(filtered("https", Fields.of()).first("Strict-Transport-Security"))
                .isEqualTo("max-age=31536000; includeSubDomains");
        assertThat(filtered("http", Fields.of()).contains("Strict-Transport-Security"))
                .isFalse();
    }

    @Test
    void aPolicyForContentsMayBeSent() {
        assertThat(filtered("http", Fields.of()).first("Content-Security-Policy"))
                .startsWith("default-src 'self'; object-src 'none'");
    }

    @Test
    void whatTheApplicationSaysItselfStays() {
        Fields fields = filtered("https", Fields.of("x-frame-options", "DENY"));
        assertThat(fields.all("X-Frame-Options")).containsExactly("DENY");
        assertThat(fields.all("X-Content-Type-Options")).containsExactly("nosniff");
    }

    @Test
    void aFieldThatWouldSplitTheResponseIsRefused() {
        assertThatThrownBy(() -> new HeaderSettings(List.of("A: b\r\nSet-Cookie: x"), List.of(), List.of()))
                .hasMessageStartingWith("set: ")
                .hasMessageEndingWith("(expected: a value of printable ASCII)");
        assertThatThrownBy(() -> new HeaderSettings(List.of(), List.of("A b: c"), List.of()))
                .hasMessage("add: A b (expected: the name of a header field)");
    }

    private static Fields filtered(String scheme, Fields fields) {
        TestExchange exchange = TestExchange.of(TestRequest.get("/").scheme(scheme));
        new SecurityFilter(USUAL).handle(exchange, inside -> inside.response().head(new Response(200, "OK", fields)));
        return exchange.head().fields();
    }
}
