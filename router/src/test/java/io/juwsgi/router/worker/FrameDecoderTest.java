package io.juwsgi.router.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.protocol.link.FrameException;
import io.juwsgi.protocol.link.FrameHeader;
import io.juwsgi.protocol.link.FrameType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Frames, however the bytes arrive. */
final class FrameDecoderTest {

    /** Writes down what it gets, bodies joined. */
    static final class Recorder implements FrameDecoder.Receiver {
        final List<String> events = new ArrayList<>();
        private final StringBuilder body = new StringBuilder();

        @Override
        public void frame(int type, int flags, int id, int aux, long micros, ByteBuf bytes, int length) {
            body.setLength(0);
            body.append(type).append('/').append(flags).append('/').append(id).append('/');
            body.append(aux)
                    .append('/')
                    .append(micros)
                    .append(" [")
                    .append(text(bytes, length))
                    .append("] ");
        }

        @Override
        public void body(ByteBuf bytes, int length) {
            body.append(text(bytes, length));
        }

        @Override
        public void frameEnd() {
            events.add(body.toString());
        }

        private static String text(ByteBuf bytes, int length) {
            return bytes.toString(bytes.readerIndex(), length, StandardCharsets.ISO_8859_1);
        }
    }

    private final Recorder recorder = new Recorder();
    private final FrameDecoder decoder = new FrameDecoder(recorder);

    private static byte[] frame(int type, int flags, int id, int aux, int micros, String payload) {
        ByteBuffer out = ByteBuffer.allocate(FrameHeader.SIZE + payload.length());
        new FrameHeader(payload.length(), type, flags, id, aux, micros).write(out);
        return out.put(payload.getBytes(StandardCharsets.ISO_8859_1)).array();
    }

    private static ByteBuf all() {
        return Unpooled.wrappedBuffer(
                frame(FrameType.RESPONSE, 0, 7, 6, 0, "200 OKbody"),
                frame(FrameType.DATA, 0, 7, 0, 0, ""),
                frame(FrameType.DATA, 1, 7, 0, -1, "more"),
                frame(FrameType.RESPONSE, 1, 8, 3, 5, "204"),
                frame(FrameType.FAILED, 1, 9, 0, 0, "why"),
                frame(FrameType.RECALLED, 0, 0, 0, 0, ""));
    }

    private static final String[] EXPECTED = {
        "16/0/7/6/0 [200 OK] body",
        "17/0/7/0/0 [] ",
        "17/1/7/0/4294967295 [] more",
        "16/1/8/3/5 [204] ",
        "19/1/9/0/0 [why] ",
        "48/0/0/0/0 [] "
    };

    @Test
    void readsManyFramesFromOneBuffer() throws Exception {
        decoder.decode(all());

        assertThat(recorder.events).containsExactly(EXPECTED);
        assertThat(decoder.atFrameEnd()).isTrue();
    }

    @Test
    void readsTheSameFramesInPiecesOfAnySize() throws Exception {
        for (int size = 1; size < 40; size++) {
            Recorder pieces = new Recorder();
            FrameDecoder pieceDecoder = new FrameDecoder(pieces);
            ByteBuf bytes = all();
            while (bytes.isReadable()) {
                pieceDecoder.decode(bytes.readSlice(Math.min(size, bytes.readableBytes())));
            }
            assertThat(pieces.events).as("pieces of " + size).containsExactly(EXPECTED);
        }
    }

    @Test
    void refusesLengthsOutOfBounds() {
        refuses(header(-1, 17, 0, 0), "frame length: 4294967295");
        refuses(header(FrameHeader.MAX_LENGTH + 1, 17, 0, 0), "frame length: 16777217");
        refuses(header(10, 16, 0, 11), "start of frame type 16: 11 bytes of 10");
        refuses(header(10, 16, 0, -1), "start of frame type 16: 4294967295 bytes of 10");
        refuses(header(FrameDecoder.MAX_START + 1, 48, 0, 0), "start of frame type 48: 1048577 bytes");
        refuses(header(FrameHeader.MAX_LENGTH, 16, 0, FrameHeader.MAX_LENGTH), "expected: at most 1048576");
        refuses(header(0, 17, 1, 0), "frame bytes 6 and 7: 1 (expected: 0)");
    }

    private static ByteBuf header(int length, int type, int padding, int aux) {
        ByteBuf out = Unpooled.buffer();
        out.writeIntLE(length).writeByte(type).writeByte(0).writeShortLE(padding);
        return out.writeIntLE(1).writeIntLE(aux).writeIntLE(0);
    }

    private static void refuses(ByteBuf bytes, String why) {
        assertThatThrownBy(() -> new FrameDecoder(new Recorder()).decode(bytes))
                .isInstanceOf(FrameException.class)
                .hasMessageContaining(why);
    }

    @Test
    void releasesAPartWhenClosedAndHandsNothingOverAfterwards() throws Exception {
        ByteBuf half = Unpooled.buffer().writeBytes(new byte[10]);
        decoder.decode(half);
        assertThat(decoder.atFrameEnd()).isFalse();

        decoder.close();
        decoder.decode(all());

        assertThat(recorder.events).isEmpty();
    }

    @Test
    void mayBeClosedFromInsideAFrame() throws Exception {
        FrameDecoder[] own = new FrameDecoder[1];
        List<Integer> types = new ArrayList<>();
        own[0] = new FrameDecoder(new FrameDecoder.Receiver() {
            @Override
            public void frame(int type, int flags, int id, int aux, long micros, ByteBuf bytes, int length) {
                types.add(type);
                own[0].close();
            }

            @Override
            public void body(ByteBuf bytes, int length) {
                types.add(-1);
            }

            @Override
            public void frameEnd() {
                types.add(-2);
            }
        });
        ByteBuf bytes = all();
        own[0].decode(bytes.readSlice(25));
        own[0].decode(bytes);

        assertThat(types).containsExactly(FrameType.RESPONSE);
    }
}
