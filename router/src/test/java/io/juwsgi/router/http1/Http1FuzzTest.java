package io.juwsgi.router.http1;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.juwsgi.router.exchange.BadRequestException;
import io.juwsgi.router.exchange.Limits;
import io.juwsgi.spi.exchange.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Bytes of any kind: parsers refuse or accept, the same in one piece and byte by byte, and never fail otherwise. */
final class Http1FuzzTest {
    private static final int HEAD_LIMIT = 4096;

    @FuzzTest(maxDuration = "30s")
    void headsAreAcceptedOrRefusedTheSameInOnePieceAndByteByByte(byte[] bytes) {
        String whole = head(bytes, bytes.length);
        assertThat(head(bytes, 1)).isEqualTo(whole);
        assertThat(head(bytes, 7)).isEqualTo(whole);
    }

    private static String head(byte[] bytes, int step) {
        HeadScanner scanner = new HeadScanner(HEAD_LIMIT, 1024);
        byte[] scratch = new byte[HEAD_LIMIT];
        ByteBuf in = Unpooled.buffer(bytes.length + 1);
        try {
            for (int at = 0; at < bytes.length; at += step) {
                in.writeBytes(bytes, at, Math.min(step, bytes.length - at));
                int length = scanner.scan(in, scratch);
                if (length >= 0) {
                    RequestHead head = new HeadParser(scratch, length, 1024, 32).parse();
                    check(head);
                    return head.toString();
                }
            }
            return "incomplete";
        } catch (BadRequestException e) {
            return e.failure().toString();
        } finally {
            in.release();
        }
    }

    private static void check(RequestHead head) {
        assertThat(head.target().path()).matches("(?s)[/*].*").doesNotContain("\0");
        assertThat(head.target().path() + "/").doesNotContain("/../", "/./");
        for (int i = 0; i < head.fields().size(); i++) {
            assertThat(head.fields().name(i)).matches("[!#$%&'*+.^`|~0-9A-Za-z-]+");
            assertThat(head.fields().value(i)).doesNotContainPattern("[\\x00-\\x08\\x0a-\\x1f\\x7f]");
        }
        assertThat(head.fields().all("host").size()).isLessThanOrEqualTo(1);
        assertThat(head.fields().all("content-length").size()
                        + head.fields().all("transfer-encoding").size())
                .isLessThanOrEqualTo(1);
    }

    @FuzzTest(maxDuration = "30s")
    void chunksAreDecodedTheSameInOnePieceAndByteByByte(byte[] bytes) {
        String whole = chunks(bytes, bytes.length);
        assertThat(chunks(bytes, 1)).isEqualTo(whole);
    }

    private static String chunks(byte[] bytes, int step) {
        ChunkedDecoder decoder = new ChunkedDecoder();
        StringBuilder body = new StringBuilder();
        ByteBuf in = Unpooled.buffer(bytes.length + 1);
        try {
            for (int at = 0; at < bytes.length && !decoder.done(); at += step) {
                in.writeBytes(bytes, at, Math.min(step, bytes.length - at));
                ByteBuf part;
                while ((part = decoder.next(in)) != null) {
                    body.append(part.toString(StandardCharsets.ISO_8859_1));
                    part.release();
                }
            }
            return decoder.done() + ":" + body + ":" + checked(decoder.trailers());
        } catch (BadRequestException e) {
            return e.failure() + ":" + body;
        } finally {
            in.release();
        }
    }

    private static @Nullable Fields checked(@Nullable Fields trailers) {
        if (trailers != null) {
            assertThat(trailers.size()).isBetween(1, Limits.FIELDS);
            for (int i = 0; i < trailers.size(); i++) {
                assertThat(trailers.name(i)).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
                assertThat(trailers.value(i)).doesNotContainPattern("[\\x00-\\x08\\x0a-\\x1f\\x7f]");
            }
        }
        return trailers;
    }
}
