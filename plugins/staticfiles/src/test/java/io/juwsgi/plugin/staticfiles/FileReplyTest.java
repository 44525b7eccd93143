package io.juwsgi.plugin.staticfiles;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.http.FileReply;
import io.juwsgi.spi.http.Representation;
import io.juwsgi.testkit.TestRequest;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions and ranges of RFC 9110. */
class FileReplyTest {
    private static final Representation FILE =
            Representation.of(1000, Instant.parse("2026-01-02T03:04:05Z").getEpochSecond(), "\"v2\"", "text/plain");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        If-None-Match       | "v2"                          | 304
        If-None-Match       | W/"v2"                        | 304
        If-None-Match       | "v1", W/"v2"                  | 304
        If-None-Match       | *                             | 304
        If-None-Match       | "v22"                         | 200
        If-None-Match       | "v1"                          | 200
        If-Modified-Since   | Fri, 02 Jan 2026 03:04:05 GMT | 304
        If-Modified-Since   | Fri, 02 Jan 2026 03:04:04 GMT | 200
        If-Modified-Since   | Friday, 02-Jan-26 03:04:05 GMT | 304
        If-Modified-Since   | Fri Jan  2 03:04:05 2026     | 304
        If-Modified-Since   | Fri Jan  2 03:04:04 2026     | 200
        If-Modified-Since   | yesterday                     | 200
        If-Match            | "v2"                          | 200
        If-Match            | W/"v2"                        | 412
        If-Match            | "v1"                          | 412
        If-Match            | *                             | 200
        If-Unmodified-Since | Fri, 02 Jan 2026 03:04:05 GMT | 200
        If-Unmodified-Since | Fri, 02 Jan 2026 03:04:04 GMT | 412
        Range               | bytes=0-99                    | 206
        Range               | bytes=1000-                   | 416
        Range               | bytes=9-1                     | 200
        Range               | lines=1-2                     | 200
        Range               | bytes=0-,0-                   | 200
        Range               | bytes=                        | 200
        """)
    void conditionsAndRanges(String name, String value, int status) {
        assertThat(FileReply.to(TestRequest.get("/").field(name, value), FILE).status())
                .isEqualTo(status);
    }

    @Test
    void aTagCountsMoreThanADate() {
        TestRequest request = TestRequest.get("/")
                .fields("If-None-Match", "\"v1\"", "If-Modified-Since", "Fri, 02 Jan 2026 03:04:05 GMT");
        assertThat(FileReply.to(request, FILE).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"bytes=0-99,0,100", "bytes=990-,990,10", "bytes=-1,999,1", "bytes=500-5000,500,500", "BYTES=1-1,1,1"})
    void onePartIsSentAsItIs(String range, long from, long count) {
        FileReply reply = FileReply.to(TestRequest.get("/").field("Range", range), FILE);
        assertThat(reply.parts()).containsExactly(new FileReply.Part("", from, count));
        assertThat(reply.fields().first("Content-Range"))
                .isEqualTo("bytes " + from + "-" + (from + count - 1) + "/1000");
        assertThat(reply.fields().first("Content-Length")).isEqualTo(Long.toString(count));
        assertThat(reply.fields().first("Content-Type")).isEqualTo("text/plain");
    }

    @Test
    void severalPartsHaveTheLengthThatIsTold() {
        FileReply reply = FileReply.to(TestRequest.get("/").field("Range", "bytes=0-9,500-509,-1"), FILE);
        long length = reply.close().length();
        for (FileReply.Part part : reply.parts()) {
            length += part.before().length() + part.count();
        }
        assertThat(reply.parts()).hasSize(3);
        assertThat(reply.fields().first("Content-Length")).isEqualTo(Long.toString(length));
        assertThat(reply.fields().first("Content-Type")).startsWith("multipart/byteranges; boundary=");
        assertThat(reply.parts().getFirst().before())
                .contains("Content-Type: text/plain\r\n", "Content-Range: bytes 0-9/1000\r\n\r\n");
    }

    @Test
    void manyPartsAreNotAnswered() {
        String range = "bytes=" + "1-1,".repeat(20);
        assertThat(FileReply.to(TestRequest.get("/").field("Range", range), FILE)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aPartOfWhatTheClientHasNotIsNotSent() {
        TestRequest request = TestRequest.get("/").field("Range", "bytes=0-9");
        assertThat(FileReply.to(request.field("If-Range", "\"v2\""), FILE).status())
                .isEqualTo(206);
        assertThat(FileReply.to(request.field("If-Range", "Fri, 02 Jan 2026 03:04:05 GMT"), FILE)
                        .status())
                .isEqualTo(206);
        assertThat(FileReply.to(request.field("If-Range", "\"v1\""), FILE).status())
                .isEqualTo(200);
        assertThat(FileReply.to(request.field("If-Range", "W/\"v2\""), FILE).status())
                .isEqualTo(200);
    }

    @Test
    void headIsToldWithoutParts() {
        FileReply reply = FileReply.to(TestRequest.of("HEAD", "/").field("Range", "bytes=0-9"), FILE);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.parts()).isEmpty();
        assertThat(reply.fields().first("Content-Length")).isEqualTo("1000");
    }
}
