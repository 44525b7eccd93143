package io.juwsgi.router.worker;

import io.juwsgi.protocol.link.FrameException;
import io.juwsgi.protocol.link.FrameHeader;
import io.juwsgi.protocol.link.FrameType;
import io.juwsgi.spi.exchange.Response;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A batch of 32 answers: frames alone, and with their heads. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(FrameDecoderBench.BATCH)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrameDecoderBench {
    static final int BATCH = 32;
    private static final String HEAD =
            "200 OK\nContent-Type: text/html; charset=utf-8\nContent-Length: 13\nX-Frame-Options: DENY\nVary: Cookie";

    private final ByteBuf batch = Unpooled.directBuffer();
    private final ResponseHead heads = new ResponseHead();
    private int seen;

    public FrameDecoderBench() {
        byte[] head = HEAD.getBytes(StandardCharsets.ISO_8859_1);
        byte[] body = "Hello, world!".getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < BATCH; i++) {
            Frames.header(batch, head.length + body.length, FrameType.RESPONSE, FrameHeader.END, i, head.length);
            batch.writeBytes(head).writeBytes(body);
        }
    }

    /** Cuts frames. */
    @Benchmark
    public int frames() throws FrameException {
        return decode(false);
    }

    /** Cuts frames and reads the heads in them. */
    @Benchmark
    public int framesWithHeads() throws FrameException {
        return decode(true);
    }

    private int decode(boolean withHeads) throws FrameException {
        batch.readerIndex(0);
        new FrameDecoder(new FrameDecoder.Receiver() {
                    @Override
                    public void frame(int type, int flags, int id, int aux, long micros, ByteBuf bytes, int length) {
                        if (withHeads) {
                            Response response = heads.parse(bytes, length);
                            seen += response == null ? 0 : response.status();
                        }
                    }

                    @Override
                    public void body(ByteBuf bytes, int length) {
                        seen += length;
                    }

                    @Override
                    public void frameEnd() {
                        seen++;
                    }
                })
                .decode(batch);
        return seen;
    }
}
