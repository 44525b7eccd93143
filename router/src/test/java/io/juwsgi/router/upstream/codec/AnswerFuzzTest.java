package io.juwsgi.router.upstream.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.testkit.TestRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Bytes of any kind from an upstream server: an answer or none, the same in one piece and byte by byte. */
final class AnswerFuzzTest {

    @FuzzTest(maxDuration = "30s")
    void httpAnswersAreReadTheSameInOnePieceAndByteByByte(byte[] bytes) {
        String whole = read(new HttpAnswers(false), bytes, Math.max(1, bytes.length));
        assertThat(read(new HttpAnswers(false), bytes, 1)).isEqualTo(whole);
        assertThat(read(new HttpAnswers(false), bytes, 7)).isEqualTo(whole);
    }

    @FuzzTest(maxDuration = "30s")
    void cgiAnswersAreReadTheSameInOnePieceAndByteByByte(byte[] bytes) {
        String whole = read(new HttpAnswers(true), bytes, Math.max(1, bytes.length));
        assertThat(read(new HttpAnswers(true), bytes, 1)).isEqualTo(whole);
    }

    @FuzzTest(maxDuration = "30s")
    void fastCgiAnswersAreReadTheSameInOnePieceAndByteByByte(byte[] bytes) {
        String whole = read(of(new FastCgiCodec()), bytes, Math.max(1, bytes.length));
        assertThat(read(of(new FastCgiCodec()), bytes, 1)).isEqualTo(whole);
    }

    static Reader of(Codec codec) {
        ByteBuf request = Unpooled.buffer();
        try {
            codec.begin(CodecTest.outgoing(TestRequest.get("/"), 0), request);
        } catch (BadRequestLength e) {
            throw new AssertionError(e);
        } finally {
            request.release();
        }
        return new Reader() {
            @Override
            public void read(ByteBuf in, Codec.Answer answer) throws BadAnswerException {
                codec.read(in, answer);
            }

            @Override
            public void closed(Codec.Answer answer) throws BadAnswerException {
                codec.closed(answer);
            }
        };
    }

    /** What reads answers, without connections. */
    interface Reader {
        void read(ByteBuf in, Codec.Answer answer) throws BadAnswerException;

        void closed(Codec.Answer answer) throws BadAnswerException;
    }

    private static final class HttpAnswers implements Reader {
        private final AnswerReader reader;

        HttpAnswers(boolean cgi) {
            reader = new AnswerReader(cgi);
            reader.begin(false, "");
        }

        @Override
        public void read(ByteBuf in, Codec.Answer answer) throws BadAnswerException {
            reader.read(in, answer);
        }

        @Override
        public void closed(Codec.Answer answer) throws BadAnswerException {
            reader.closed(answer);
        }
    }

    static String read(Reader reader, byte[] bytes, int step) {
        Recorder recorder = new Recorder();
        ByteBuf in = Unpooled.buffer(bytes.length + 1);
        try {
            for (int at = 0; at < bytes.length && !recorder.ended; at += step) {
                in.writeBytes(bytes, at, Math.min(step, bytes.length - at));
                reader.read(in, recorder);
            }
            if (!recorder.ended) {
                reader.closed(recorder);
            }
            return recorder.text.toString();
        } catch (BadAnswerException e) {
            return recorder.text + "!" + (e.incomplete() ? "incomplete" : e.getMessage());
        } finally {
            in.release();
        }
    }

    /** Writes an answer down, and checks what every answer keeps to. */
    static final class Recorder implements Codec.Answer {
        final StringBuilder text = new StringBuilder();
        boolean ended;
        private boolean begun;

        @Override
        public void head(Response head) {
            assertThat(begun).isFalse();
            begun = true;
            assertThat(head.status()).isBetween(200, 599);
            for (int i = 0; i < head.fields().size(); i++) {
                assertThat(head.fields().name(i))
                        .matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")
                        .isNotEqualToIgnoringCase("connection")
                        .isNotEqualToIgnoringCase("transfer-encoding");
                assertThat(head.fields().value(i)).doesNotContainPattern("[\\x00-\\x08\\x0a-\\x1f\\x7f]");
            }
            text.append(head.status()).append(head.fields()).append('|');
        }

        @Override
        public void data(ByteBuf bytes) {
            assertThat(begun).isTrue();
            assertThat(ended).isFalse();
            text.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }

        @Override
        public void end() {
            assertThat(begun).isTrue();
            assertThat(ended).isFalse();
            ended = true;
            text.append("|end");
        }
    }
}
