package io.juwsgi.router.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.juwsgi.protocol.link.FrameException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Whatever bytes come, in whatever pieces: frames or one FrameException, the same for every cut. */
final class FrameDecoderFuzzTest {

    @FuzzTest
    void decodesTheSameInPiecesAsInOne(FuzzedDataProvider data) {
        int cut = data.consumeInt(1, 64);
        byte[] bytes = data.consumeRemainingAsBytes();
        String whole = decode(bytes, Math.max(1, bytes.length));

        assertThat(decode(bytes, cut)).isEqualTo(whole);
    }

    private static String decode(byte[] bytes, int size) {
        FrameDecoderTest.Recorder recorder = new FrameDecoderTest.Recorder();
        FrameDecoder decoder = new FrameDecoder(recorder);
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        String end = "";
        try {
            while (in.isReadable()) {
                decoder.decode(in.readSlice(Math.min(size, in.readableBytes())));
            }
        } catch (FrameException e) {
            end = e.getMessage();
        }
        decoder.close();
        return recorder.events + end;
    }
}
