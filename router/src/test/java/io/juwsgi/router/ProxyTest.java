package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What proxies in front say about their clients: believed, or dropped. The test's client has the address 127.0.0.1. */
@Timeout(120)
final class ProxyTest {
    private static String ask(RouterFixture fixture, String before, String... fields) throws IOException {
        StringBuilder request = new StringBuilder(before).append("GET / HTTP/1.1\r\nHost: own.example\r\n");
        Stream.of(fields).forEach(field -> request.append(field).append("\r\n"));
        try (Wire wire = fixture.connect()) {
            return wire.send(request.append("\r\n").toString()).response();
        }
    }

    private static String forwarded(String settings, String... fields) throws Exception {
        String[] all = settings.isEmpty() ? new String[0] : settings.split(" ");
        try (RouterFixture fixture = RouterFixture.http(Apps.mirror(), all)) {
            return ask(fixture, "", fields);
        }
    }

    @Test
    void aTrustedProxysClientIsTheRequests() throws Exception {
        String answer = forwarded(
                "",
                "X-Forwarded-For: 203.0.113.9, 198.51.100.7",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: shop.example",
                "X-Forwarded-Port: 443");
        assertThat(answer)
                .contains(
                        "REMOTE_ADDR=198.51.100.7\n",
                        "HTTPS=on\n",
                        "HTTP_HOST=shop.example\n",
                        "SERVER_PORT=443\n",
                        "HTTP_X_FORWARDED_FOR=203.0.113.9, 198.51.100.7\n")
                .doesNotContain("REMOTE_PORT");
    }

    @Test
    void hopsAreBelievedAsFarAsTheyAreTrusted() throws Exception {
        String fields = "X-Forwarded-For: 203.0.113.9, 198.51.100.7:8080, 10.1.2.3";
        assertThat(forwarded("trusted-proxies=127.0.0.1,10.0.0.0/8", fields))
                .contains("REMOTE_ADDR=198.51.100.7\n", "REMOTE_PORT=8080\n");
        assertThat(forwarded("trusted-proxies=127.0.0.1 trusted-proxies=0.0.0.0/0", fields))
                .contains("REMOTE_ADDR=203.0.113.9\n");
        assertThat(forwarded("", "X-Forwarded-For: 203.0.113.9, nonsense")).contains("REMOTE_ADDR=127.0.0.1\n");
        assertThat(forwarded("", "X-Forwarded-For: [2001:db8::1]:99")).contains("REMOTE_ADDR=2001:db8::1\n");
    }

    @Test
    void whatOthersSayIsDropped() throws Exception {
        String answer = forwarded(
                "trusted-proxies=10.0.0.0/8",
                "X-Forwarded-For: 203.0.113.9",
                "x-forwarded-proto: https",
                "X-Forwarded-Host: evil.example",
                "X-Real-IP: 203.0.113.9",
                "Forwarded: for=203.0.113.9;proto=https");
        assertThat(answer)
                .contains("REMOTE_ADDR=127.0.0.1\n", "HTTP_HOST=own.example\n")
                .doesNotContain("FORWARDED", "HTTPS", "203.0.113.9", "evil");
    }

    @Test
    void onlyOneKindOfFieldsIsBelieved() throws Exception {
        String[] both = {
            "X-Forwarded-For: 203.0.113.9", "Forwarded: for=\"[2001:db8::7]:47\";proto=https;host=a.example"
        };
        assertThat(forwarded("", both)).contains("REMOTE_ADDR=203.0.113.9\n").doesNotContain("HTTP_FORWARDED", "HTTPS");
        assertThat(forwarded("forwarded-fields=forwarded", both))
                .contains("REMOTE_ADDR=2001:db8::7\n", "REMOTE_PORT=47\n", "HTTPS=on\n", "HTTP_HOST=a.example\n")
                .doesNotContain("HTTP_X_FORWARDED");
        assertThat(forwarded("forwarded-fields=none", both))
                .contains("REMOTE_ADDR=127.0.0.1\n")
                .doesNotContain("FORWARDED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"for", "for=", "for=a b", "for=\"x", "for=1.2.3.4;for=5.6.7.8", "=x", "for=203.0.113.9;;"})
    void aForwardedFieldThatIsNotValidSaysNothing(String value) throws Exception {
        assertThat(forwarded("forwarded-fields=forwarded", "Forwarded: " + value))
                .contains("REMOTE_ADDR=127.0.0.1\n");
    }

    @Test
    void aPathOrTwoHostsInXForwardedHostChangesNothing() throws Exception {
        assertThat(forwarded("", "X-Forwarded-Host: a.example/x")).contains("HTTP_HOST=own.example\n");
        assertThat(forwarded("", "X-Forwarded-Proto: gopher")).doesNotContain("HTTPS");
    }

    @Test
    void aProxyHeaderNamesTheClient() throws Exception {
        try (RouterFixture fixture = RouterFixture.http(Apps.mirror(), "enable-proxy-protocol=true")) {
            assertThat(ask(fixture, "PROXY TCP4 203.0.113.9 192.0.2.2 5555 443\r\n"))
                    .contains("REMOTE_ADDR=203.0.113.9\n", "REMOTE_PORT=5555\n", "SERVER_PORT=443\n");
            assertThat(fixture.logLine()).contains(" 203.0.113.9 ");
            assertThat(ask(fixture, "PROXY UNKNOWN\r\n")).contains("REMOTE_ADDR=127.0.0.1\n");
            byte[] two = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2111000ccb007109c000020215b301bb");
            assertThat(ask(fixture, new String(two, StandardCharsets.ISO_8859_1)))
                    .contains("REMOTE_ADDR=203.0.113.9\n");
        }
    }

    @Test
    void theClientOfAProxyHeaderIsTrustedNoMoreThanOthers() throws Exception {
        try (RouterFixture fixture = RouterFixture.http(Apps.mirror(), "enable-proxy-protocol=true")) {
            assertThat(ask(fixture, "PROXY TCP4 203.0.113.9 192.0.2.2 5555 443\r\n", "X-Forwarded-For: 198.51.100.7"))
                    .contains("REMOTE_ADDR=203.0.113.9\n")
                    .doesNotContain("198.51.100.7");
        }
    }

    @Test
    void aProxyHeaderComesInPiecesOrNotAtAll() throws Exception {
        try (RouterFixture fixture = RouterFixture.http(Apps.mirror(), "enable-proxy-protocol=true", "http-timeout=1");
                Wire pieces = fixture.connect();
                Wire without = fixture.connect();
                Wire silent = fixture.connect()) {
            for (char c : "PROXY TCP4 203.0.113.9 192.0.2.2 5555 443\r\n".toCharArray()) {
                pieces.send(String.valueOf(c));
            }
            assertThat(pieces.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").response())
                    .contains("REMOTE_ADDR=203.0.113.9\n");
            assertThat(without.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").rest()).isIn("", "<reset>");
            assertThat(silent.rest()).isEmpty();
        }
    }

    @Test
    void othersMayNotSendAProxyHeader() throws Exception {
        try (RouterFixture fixture =
                RouterFixture.http(Apps.mirror(), "enable-proxy-protocol=true", "trusted-proxies=10.0.0.0/8")) {
            assertThat(ask(fixture, "")).contains("REMOTE_ADDR=127.0.0.1\n");
            try (Wire wire = fixture.connect()) {
                assertThat(wire.send("PROXY TCP4 203.0.113.9 192.0.2.2 5555 443\r\n\r\n")
                                .rest())
                        .startsWith("HTTP/1.1 400 ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"trusted-proxies=10.0.0.0/33", "trusted-proxies=example.org", "forwarded-fields=all"})
    void wrongSettingsAreToldAtStart(String setting) {
        assertThatThrownBy(() -> RouterFixture.http(Apps.mirror(), setting).close())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("expected");
    }
}
