package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ConnectionCapTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    /** Asks on a new connection until it is let in: the server may learn of a closed one a little later. */
    private static void isLetInSoon(RouterFixture fixture) throws Exception {
        IOException refused = null;
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (System.nanoTime() < deadline) {
            try (Wire wire = fixture.connect()) {
                if (wire.send(GET).rest().startsWith("HTTP/1.1 200 ")) {
                    return;
                }
            } catch (IOException e) {
                // A refused connection may be reset while the request is written.
                refused = e;
            }
        }
        throw new AssertionError("no connection is let in again", refused);
    }

    @Test
    void oneTooManyIsAnsweredWith503AndTheOthersGoOn() throws Exception {
        try (RouterFixture fixture = RouterFixture.http(Apps.text("hello"), "max-connections=2", "http-keepalive=60")) {
            try (Wire first = fixture.connect();
                    Wire second = fixture.connect()) {
                assertThat(first.send(GET).response()).endsWith("hello");
                assertThat(second.send(GET).response()).endsWith("hello");
                try (Wire third = fixture.connect()) {
                    assertThat(third.rest())
                            .startsWith("HTTP/1.1 503 ")
                            .contains("Retry-After: 1\r\n")
                            .endsWith("There are too many connections.\n");
                }
                assertThat(first.send(GET).response()).endsWith("hello");
            }
        }
    }

    @Test
    void aClosedConnectionMakesRoom() throws Exception {
        try (RouterFixture fixture = RouterFixture.http(Apps.text("hello"), "max-connections=1", "http-keepalive=0")) {
            try (Wire first = fixture.connect()) {
                assertThat(first.send(GET).rest()).endsWith("hello");
            }
            isLetInSoon(fixture);
        }
    }

    @Test
    void addressesAreCountedEachForItselfAndTrustedProxiesNotAtAll() throws Exception {
        try (RouterFixture fixture = RouterFixture.http(
                        Apps.text("hello"), "max-connections-per-address=1", "trusted-proxies=10.0.0.0/8");
                Wire first = fixture.connect()) {
            assertThat(first.send(GET).response()).endsWith("hello");
            try (Wire second = fixture.connect()) {
                assertThat(second.rest()).startsWith("HTTP/1.1 503 ");
            }
        }
        try (RouterFixture fixture = RouterFixture.http(Apps.text("hello"), "max-connections-per-address=1");
                Wire first = fixture.connect();
                Wire second = fixture.connect()) {
            assertThat(first.send(GET).response()).endsWith("hello");
            assertThat(second.send(GET).response()).endsWith("hello");
        }
    }

    @Test
    void aNegativeLimitIsToldAtStart() {
        assertThatThrownBy(() ->
                        RouterFixture.http(Apps.text("x"), "max-connections=-1").close())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("max-connections -1: expected");
    }
}
