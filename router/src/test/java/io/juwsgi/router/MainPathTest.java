package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.protocol.uwsgi.UwsgiPacket;
import org.junit.jupiter.api.Test;

final class MainPathTest {

    @Test
    void answersHttpWithLengthDateAndServer() throws Exception {
        try (RouterFixture router = RouterFixture.http(Apps.text("hello"));
                Wire client = router.connect()) {
            String answer = client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").response();
            assertThat(answer)
                    .startsWith("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n")
                    .contains("Server: juwsgi\r\n")
                    .containsPattern("Date: \\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\r\n")
                    .endsWith("\r\n\r\nhello");
        }
    }

    @Test
    void answersUwsgiAndCloses() throws Exception {
        byte[] packet = new UwsgiPacket()
                .add("REQUEST_METHOD", "POST")
                .add("PATH_INFO", "/x")
                .add("CONTENT_LENGTH", "4")
                .bytes(0, 0);
        try (RouterFixture router = RouterFixture.uwsgi(Apps.mirror());
                Wire client = router.connect()) {
            String answer = client.send(packet).send("body").rest();
            assertThat(answer)
                    .isEqualTo("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 55\r\n\r\n"
                            + "REQUEST_METHOD=POST\nPATH_INFO=/x\nCONTENT_LENGTH=4\n\nbody");
        }
    }
}
