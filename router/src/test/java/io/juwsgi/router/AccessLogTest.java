package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.protocol.uwsgi.UwsgiPacket;
import io.juwsgi.spi.exchange.Handler;
import org.junit.jupiter.api.Test;

final class AccessLogTest {
    private static String line(Handler handler, String request, String... settings) throws Exception {
        try (RouterFixture router = RouterFixture.http(handler, settings);
                Wire client = router.connect()) {
            client.send(request).response();
            return router.logLine();
        }
    }

    private static String formatted(String format, String request) throws Exception {
        return line(Apps.text("hello"), request, "log-format=" + format);
    }

    @Test
    void writesTheDefaultLineAsUwsgiDoes() throws Exception {
        Handler handler = exchange -> {
            exchange.account().servedBy(2, 4711, 1);
            Apps.answer(exchange, 200, "hello");
        };
        assertThat(line(handler, "GET /a?b HTTP/1.1\r\nHost: x\r\nUser-Agent: y\r\n\r\n"))
                .matches("\\[pid: 4711\\|app: 0\\|req: 1/1\\] 127\\.0\\.0\\.1 \\(\\) \\{12 vars in \\d{3} bytes\\} "
                        + "\\[\\w{3} \\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}\\] GET /a\\?b => generated 5 bytes in "
                        + "\\d+ msecs \\(HTTP/1\\.1 200\\) 4 headers in \\d+ bytes \\(0 switches on core 1\\)");
    }

    @Test
    void writesTheFormatAskedFor() throws Exception {
        assertThat(formatted(
                        "%(method) %(uri) %(proto) %(host) %(addr) %(status) %(rsize) %(cl) %(uagent) %(referer) %(user)"
                                + " %(modifier1)/%(modifier2) %(headers) %(core) %(wid) %(var.HTTP_X_A) %(var.NONE) %%(x",
                        "POST /p?q HTTP/1.1\r\nHost: h\r\nUser-Agent: ua\r\nX-A: b\r\nContent-Length: 2\r\n\r\nab"))
                .isEqualTo("POST /p?q HTTP/1.1 h 127.0.0.1 200 5 2 ua - - 0/0 4 0 0 b - %%(x");
        assertThat(formatted(
                        "%(micros) %(msecs) %(secs) %(time) %(epoch) %(pid) %(vars) %(pktsize) %(hsize) %(size)",
                        "GET / HTTP/1.1\r\nHost: h\r\n\r\n"))
                .matches("(\\d+ ){9}\\d+");
        assertThat(formatted("%(ltime) %(ftime) %(ctime) %(id)", "GET / HTTP/1.1\r\nHost: h\r\n\r\n"))
                .matches(
                        "(\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4} ){2}\\w{3} \\w{3} .*\\d{4} [0-9a-f]{16}");
    }

    @Test
    void putsADashWhereAVariableIsUnknown() throws Exception {
        assertThat(formatted("a%(nonsense)b", "GET / HTTP/1.1\r\nHost: h\r\n\r\n"))
                .isEqualTo("a-b");
    }

    @Test
    void escapesWhatClientsSend() throws Exception {
        assertThat(formatted("\"%(uagent)\"", "GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: a\"b\\c\td\u00e9\r\n\r\n"))
                .isEqualTo("\"a\\x22b\\x5cc\\x09d\\xe9\"");
        byte[] packet = new UwsgiPacket()
                .add("REQUEST_METHOD", "GET")
                .add("REQUEST_URI", "/\n[pid: 1|forged")
                .add("REMOTE_USER", "a\r\nb")
                .bytes(0, 0);
        try (RouterFixture router = RouterFixture.uwsgi(Apps.text("x"));
                Wire client = router.connect()) {
            client.send(packet).rest();
            assertThat(router.logLine()).contains("(a\\x0d\\x0ab)", " /\\x0a[pid: 1|forged => ");
        }
    }

    @Test
    void saysWhyARequestFailedWhateverTheFormat() throws Exception {
        String bad = "GET / HTTP/1.1\r\nHost: a b\r\n\r\n";
        assertThat(formatted("%(status)", bad)).matches("400 why=bad-host id=[0-9a-f]{16}");
        assertThat(formatted("%(status) (%(why))", bad)).isEqualTo("400 (bad-host)");
        assertThat(line(Apps.text("x"), bad)).contains("(- 400)").contains(" why=bad-host id=");
    }

    @Test
    void writesNothingWhenLoggingIsDisabled() throws Exception {
        try (RouterFixture router = RouterFixture.http(Apps.text("x"), "disable-logging=true");
                Wire client = router.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").response();
            assertThat(client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .rest())
                    .contains("200");
            assertThat(router.router.stats().requests()).isEqualTo(2);
            assertThat(router.log).isEmpty();
        }
    }
}
