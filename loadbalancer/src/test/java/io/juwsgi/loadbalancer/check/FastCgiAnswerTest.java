package io.juwsgi.loadbalancer.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.protocol.fastcgi.FastCgiHeader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads of FastCGI answers. */
class FastCgiAnswerTest {
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    private FastCgiAnswerTest record(int type, int padding, byte[] content) {
        byte[] header = new byte[FastCgiHeader.SIZE];
        new FastCgiHeader(type, FastCgiAnswer.REQUEST_ID, content.length, padding).write(header, 0);
        sent.writeBytes(header);
        sent.writeBytes(content);
        sent.writeBytes(new byte[padding]);
        return this;
    }

    private FastCgiAnswerTest out(String text) {
        return record(FastCgiHeader.STDOUT, 3, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private int status() throws IOException {
        return status(sent.toByteArray());
    }

    static int status(byte[] bytes) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        return new FastCgiAnswer(count -> {
                    byte[] read = in.readNBytes(count);
                    if (read.length < count) {
                        throw new EOFException("closed without an answer");
                    }
                    return read;
                })
                .status();
    }

    @ParameterizedTest
    @CsvSource({
        "'Content-Type: a/b|', 200",
        "'Status: 404 Not Found|Content-Type: a/b|', 404",
        "'X-A: b|sTATUS:503|', 503",
        "'Location: /login|', 302",
        "'Location: /login|Status: 307|', 307",
        "'|Status: 500|', 200"
    })
    void theHeadTellsTheStatus(String head, int status) throws Exception {
        out(head.replace("|", "\r\n") + "\r\n");
        assertThat(status()).isEqualTo(status);
        sent.reset();
        for (String part : (head.replace("|", "\n") + "\n").split("(?<=[: ])", -1)) {
            record(FastCgiHeader.STDERR, 0, new byte[] {'e'});
            out(part);
        }
        assertThat(status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Status: \n\n", "Status: 99\n\n", "Status: 2000\n\n", "Status: ok\n\n"})
    void aBadStatusIsNone(String head) {
        out(head);
        assertThatThrownBy(this::status).hasMessage("answered with a bad status");
    }

    @Test
    void anEndWithoutAHeadSaysWhy() {
        byte[] end = new byte[FastCgiHeader.REQUEST_SIZE];
        record(FastCgiHeader.END_REQUEST, 0, end);
        assertThatThrownBy(this::status).hasMessage("ended the request without an answer");
        sent.reset();
        end[4] = 2;
        record(FastCgiHeader.END_REQUEST, 0, end);
        assertThatThrownBy(this::status).hasMessage("is overloaded");
    }

    @Test
    void whatHasNoEndIsGivenUp() {
        for (int i = 0; i < 3; i++) {
            out("x".repeat(30_000));
        }
        assertThatThrownBy(this::status).hasMessage("answered with a head of more than 65536 bytes");
        sent.reset();
        for (int i = 0; i < 10_000; i++) {
            record(FastCgiHeader.STDERR, 0, new byte[0]);
        }
        assertThatThrownBy(this::status).hasMessage("answered with a head of more than 65536 bytes");
    }

    @Test
    void whatIsNoFastCgiIsToldApart() {
        sent.writeBytes("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(this::status).hasMessage("answered something else than FastCGI");
        sent.reset();
        record(FastCgiHeader.STDIN, 0, new byte[0]);
        assertThatThrownBy(this::status).hasMessage("answered with a record of type 5");
        sent.reset();
        sent.writeBytes(new byte[] {1, FastCgiHeader.STDOUT, 0, 2, 0, 0, 0, 0});
        assertThatThrownBy(this::status).hasMessage("answered another request");
    }
}
