package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.protocol.uwsgi.UwsgiPacket;
import io.juwsgi.spi.exchange.Handler;
import java.util.List;
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
                .matches("\\[pid: 4711\\|app: 0\\|req: 1/1\\] 127\\.0\\.0\\.1 \\(\\) \\{12 vars in \\d{3} bytes\\}"
                        + " \\[\\w{3} \\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}\\] GET /a\\?b => generated 5"
                        + " bytes in \\d+ msecs \\(HTTP/1\\.1 200\\) 4 headers in \\d+ bytes \\(0 switches on"
                        + " core 1\\)");
    }

    @Test
    void writesTheFormatAskedFor() throws Exception {
        assertThat(formatted(
                        "%(method) %(uri) %(proto) %(host) %(addr) %(status) %(rsize) %(cl) %(uagent) %(referer)"
                                + " %(user) %(modifier1)/%(modifier2) %(headers) %(core) %(wid) %(var.HTTP_X_A)"
                                + " %(var.NONE) %%(x",
                        "POST /p?q HTTP/1.1\r\nHost: h\r\nUser-Agent: ua\r\nX-A: b\r\nContent-Length: 2\r\n\r\nab"))
                .isEqualTo("POST /p?q HTTP/1.1 h 127.0.0.1 200 5 2 ua - - 0/0 4 0 0 b - %%(x");
        assertThat(formatted(
                        "%(micros) %(msecs) %(secs) %(time) %(epoch) %(pid) %(vars) %(pktsize) %(hsize) %(size)",
                        "GET / HTTP/1.1\r\nHost: h\r\n\r\n"))
                .matches("(\\d+ ){9}\\d+");
        assertThat(formatted("%(ltime) %(ftime) %(ctime) %(id)", "GET / HTTP/1.1\r\nHost: h\r\n\r\n"))
                .matches("(\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4} ){2}\\w{3} \\w{3} .*\\d{4}"
                        + " [0-9a-f]{16}");
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

    /** Returns the lines of a good request, a bad one, and one more that every setting here logs. */
    private static List<String> selected(String setting, Handler handler) throws Exception {
        try (RouterFixture router = RouterFixture.http(handler, "disable-logging=true", "log-format=%(uri)", setting);
                Wire client = router.connect()) {
            for (String path : List.of("/200", "/404", "/500", "/big", "/empty")) {
                client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").response();
            }
            client.send("GET /end HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .rest();
            return List.copyOf(router.log);
        }
    }

    @Test
    void logsOnlyWhatIsWorthItWhenLoggingIsDisabled() throws Exception {
        Handler handler = exchange -> {
            String path = exchange.request().path();
            int status = path.matches("/[0-9]{3}") ? Integer.parseInt(path.substring(1)) : 200;
            Apps.answer(exchange, status, path.equals("/empty") ? "" : "x".repeat(path.equals("/big") ? 101 : 100));
        };
        assertThat(selected("log-4xx=true", handler)).containsExactly("/404");
        assertThat(selected("log-5xx=true", handler)).containsExactly("/500");
        assertThat(selected("log-big=100", handler)).containsExactly("/big");
        assertThat(selected("log-zero=true", handler)).containsExactly("/empty");
        assertThat(selected("log-slow=0", handler)).hasSize(6);
        assertThat(selected("log-slow=3600000", handler)).isEmpty();
        assertThat(selected("log-sendfile=true", handler)).isEmpty();
    }

    @Test
    void showsTheAddressThatAProxyTells() throws Exception {
        String request = "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.1, \"x\r\n\r\n";
        assertThat(line(Apps.text("x"), request, "log-x-forwarded-for=true")).contains("] 192.0.2.1, \\x22x () {");
        assertThat(line(Apps.text("x"), request, "log-x-forwarded-for=true", "log-format=%(addr)"))
                .isEqualTo("192.0.2.1, \\x22x");
        assertThat(line(Apps.text("x"), request)).contains("] 127.0.0.1 () {");
    }

    @Test
    void writesMicrosecondsAndMemoryWhenAskedTo() throws Exception {
        assertThat(line(Apps.text("x"), "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "log-micros=true", "memory-report=true"))
                .matches("\\{address space usage: [1-9]\\d* bytes/\\d+MB\\} \\{rss usage: [1-9]\\d* bytes/\\d+MB\\} "
                        + "\\[pid: .* bytes in \\d+ micros \\(HTTP/1\\.1 200\\).*");
        assertThat(formatted("%(vsz) %(rss) %(vszM) %(rssM) %(tmsecs) %(tmicros)", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
                .matches("([1-9]\\d* ){4}\\d{13} \\d{16}");
        assertThat(formatted("%(werr)%(rerr)%(ioerr)", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
                .isEqualTo("000");
    }

    @Test
    void fillsInTheLettersOfStrftime() throws Exception {
        assertThat(line(
                        Apps.text("x"),
                        "GET /%25H HTTP/1.1\r\nHost: x\r\n\r\n",
                        "log-format=%Y %(uri) %H",
                        "log-format-strftime=true"))
                .matches("\\d{4} /%25H \\d\\d");
    }

    @Test
    void writesOneJsonObjectForEachRequest() throws Exception {
        String request = "GET /a?b HTTP/1.1\r\nHost: x\r\nUser-Agent: a\"b\\c\u00e9\r\n\r\n";
        assertThat(line(Apps.text("hello"), request, "log-json=true"))
                .matches(
                        "\\{\"time\":\"[-0-9T:.]+Z\",\"kind\":\"request\",\"id\":\"[0-9a-f]{16}\",\"addr\":\"127.0.0.1\","
                                + "\"method\":\"GET\",\"uri\":\"/a\\?b\",\"proto\":\"HTTP/1.1\",\"host\":\"x\",\"status\":200,"
                                + "\"size\":\\d+,\"rsize\":5,\"micros\":\\d+,\"worker\":0,\"pid\":\\d+,\"core\":0,\"user\":null,"
                                + "\"uagent\":\"a\\\\\"b\\\\\\\\c\u00e9\",\"referer\":null,\"why\":null\\}");
        assertThat(line(Apps.text("hello"), request, "log-json=true", "log-format=\"%(uagent)\""))
                .contains("\"message\":\"\\\"a\\\\x22b\\\\x5cc\\\\xe9\\\"\",\"why\":null}");
        assertThat(line(Apps.text("x"), "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "log-json=true"))
                .contains("\"status\":400,", "\"why\":\"bad-host\"}");
    }
}
