package io.juwsgi.router.upstream.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.router.upstream.codec.Outgoing.Forwarded;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.testkit.TestRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What upstream servers are told, byte by byte, and what of their answers is read. */
class CodecTest {

    static Outgoing outgoing(Request request, long length) {
        return new Outgoing(request, length, "", Forwarded.KEEP, 0, 0, new CgiScript("/srv", ""), true, "", false);
    }

    private static String begun(Codec codec, Outgoing outgoing) throws BadRequestLength {
        ByteBuf out = Unpooled.buffer();
        try {
            codec.begin(outgoing, out);
            return out.toString(StandardCharsets.ISO_8859_1);
        } finally {
            out.release();
        }
    }

    @Test
    void aFastCgiRequestIsItsParametersThenItsBody() throws Exception {
        FastCgiCodec codec = new FastCgiCodec();
        String begun = begun(codec, outgoing(TestRequest.get("/a/x.php/more?q"), 0));
        assertThat(begun).startsWith("\1\1\0\1\0\10\0\0" + "\0\1\0\0\0\0\0\0" + "\1\4\0\1");
        assertThat(begun)
                .contains(
                        "\13\10SCRIPT_NAME/a/x.php",
                        "\11\5PATH_INFO/more",
                        "\17\14SCRIPT_FILENAME/srv/a/x.php",
                        "\14\1QUERY_STRINGq");
        assertThat(begun).endsWith("\1\4\0\1\0\0\0\0");
        StringBuilder body = new StringBuilder();
        Codec.Output output = bytes -> {
            body.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        };
        codec.body(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII), output);
        codec.bodyEnd(output);
        assertThat(body).hasToString("\1\5\0\1\0\5\0\0hello\1\5\0\1\0\0\0\0");
    }

    @ParameterizedTest
    @CsvSource({
        "/x.php,               , /x.php,     ''",
        "/x.php/a.php,         , /x.php,     /a.php",
        "/x.phpa/b,            , /x.phpa/b,  ''",
        "/dir/,                , /dir/index.php, ''",
        "/no/script, /index.php, /index.php, ''",
        "/a.php/b,   /index.php, /a.php,     /b"
    })
    void aPathNamesAScriptAndWhatIsBehindIt(String path, String script, String name, String rest) {
        CgiScript cgi = new CgiScript("/srv", script == null ? "" : script);
        assertThat(cgi.split(TestRequest.get(path))).isEqualTo(new CgiScript.Split(name, rest));
    }

    @Test
    void anScgiRequestIsANetstring() throws Exception {
        String begun = begun(new ScgiCodec(), outgoing(TestRequest.post("/p"), 7));
        int colon = begun.indexOf(':');
        assertThat(begun.substring(colon + 1))
                .startsWith("CONTENT_LENGTH\0" + "7\0SCGI\0" + "1\0")
                .endsWith("\0,");
        assertThat(Integer.parseInt(begun.substring(0, colon))).isEqualTo(begun.length() - colon - 2);
    }

    @Test
    void whatTheProtocolCannotCarryIsRefused() {
        assertThatThrownBy(() -> begun(new UwsgiCodec(), outgoing(TestRequest.post("/"), -1)))
                .isInstanceOf(BadRequestLength.class);
        TestRequest huge = TestRequest.get("/").field("X", "y".repeat(66_000));
        assertThatThrownBy(() -> begun(new UwsgiCodec(), outgoing(huge, 0)))
                .isInstanceOfSatisfying(
                        BadRequestLength.class, e -> assertThat(e.status()).isEqualTo(431));
    }

    @Test
    void fastCgiAnswersMayBeInPiecesWithPaddingAndComplaints() {
        byte[] answer = ("\1\6\0\1\0\20\3\0Status: 201 Yes\r???" + "\1\7\0\1\0\4\0\0oops"
                        + "\1\6\0\1\0\14\0\0\n\r\nhello its" + "\1\6\0\1\0\0\0\0" + "\1\3\0\1\0\10\0\0\0\0\0\0\0\0\0\0")
                .getBytes(StandardCharsets.ISO_8859_1);
        for (int step : new int[] {1, 5, answer.length}) {
            assertThat(AnswerFuzzTest.read(AnswerFuzzTest.of(new FastCgiCodec()), answer, step))
                    .isEqualTo("201|hello its|end");
        }
    }

    @Test
    void aFastCgiAnswerWithoutItsLastRecordIsNotComplete() {
        byte[] cut = "\1\6\0\1\0\6\0\0\r\n\r\nab".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(AnswerFuzzTest.read(AnswerFuzzTest.of(new FastCgiCodec()), cut, 100))
                .endsWith("!incomplete");
        byte[] foreign = "\1\6\0\2\0\6\0\0\r\n\r\nab".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(AnswerFuzzTest.read(AnswerFuzzTest.of(new FastCgiCodec()), foreign, 100))
                .contains("a record is of request 2");
    }
}
