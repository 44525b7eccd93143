package io.juwsgi.router.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.juwsgi.router.exchange.WebSocketLimits.Deflate;
import io.juwsgi.spi.exchange.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** Whatever bytes a client sends, in whatever pieces: messages within the limit or one code, the same for every cut. */
final class MessageReaderFuzzTest {
    private static final int MOST = 1000;

    /** Writes down what a reader gives. */
    private static final class Recorder implements MessageReader.Sink {
        private final StringBuilder seen = new StringBuilder();

        @Override
        public void message(boolean text, ByteBuf whole) {
            assertThat(whole.readableBytes()).isLessThanOrEqualTo(MOST);
            byte[] bytes = new byte[whole.readableBytes()];
            whole.readBytes(bytes).release();
            if (text) {
                String decoded = new String(bytes, StandardCharsets.UTF_8);
                assertThat(decoded.getBytes(StandardCharsets.UTF_8)).isEqualTo(bytes);
            }
            seen.append(text ? 't' : 'b').append(new String(bytes, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void control(int opcode, ByteBuf payload) {
            seen.append(opcode).append(payload.toString(StandardCharsets.ISO_8859_1));
            payload.release();
        }
    }

    @FuzzTest
    void readsTheSameInPiecesAsInOne(FuzzedDataProvider data) {
        boolean deflate = data.consumeBoolean();
        boolean context = data.consumeBoolean();
        int cut = data.consumeInt(1, 64);
        byte[] bytes = data.consumeRemainingAsBytes();
        String whole = read(bytes, Math.max(1, bytes.length), deflate, context);

        assertThat(read(bytes, cut, deflate, context)).isEqualTo(whole);
    }

    private static String read(byte[] bytes, int size, boolean deflate, boolean context) {
        Recorder recorder = new Recorder();
        ByteBufAllocator alloc = UnpooledByteBufAllocator.DEFAULT;
        MessageReader reader = new MessageReader(MOST, deflate ? new MessageInflater(context) : null, alloc, recorder);
        ByteBuf in = Unpooled.buffer(bytes.length);
        try {
            for (int at = 0; at < bytes.length; at += size) {
                in.writeBytes(bytes, at, Math.min(size, bytes.length - at));
                while (reader.step(in)) {
                    // Each step takes one thing.
                }
            }
        } catch (CloseException e) {
            // Of a message that is too large and no UTF-8 either, the one or the other is seen first.
            recorder.seen.append(e.code() == 1009 ? 1007 : e.code());
        }
        reader.release();
        return recorder.seen.toString();
    }

    @FuzzTest
    void offersAreAnsweredOrNot(FuzzedDataProvider data) {
        Fields fields = new Fields(2);
        fields.add("Sec-WebSocket-Extensions", data.consumeString(200));
        fields.add("Sec-WebSocket-Extensions", data.consumeRemainingAsString());
        var offers = ExtensionOffers.of(fields);
        PerMessageDeflate agreed = offers == null ? null : PerMessageDeflate.answer(offers, Deflate.CONTEXT);
        if (agreed != null) {
            // What we answer follows the grammar that we ask for.
            assertThat(ExtensionOffers.of(Fields.of("Sec-WebSocket-Extensions", agreed.field())))
                    .hasSize(1);
        }
    }
}
