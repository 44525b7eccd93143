package io.juwsgi.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.processes.ExitStatus;
import io.juwsgi.protocol.link.FrameException;
import io.juwsgi.protocol.link.FrameHeader;
import io.juwsgi.protocol.link.FrameType;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlFramesTest {
    private SocketChannel channel;
    private ControlConnection from;

    @BeforeEach
    void open() throws Exception {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        from = new ControlConnection(channel, line -> {}, event -> {});
    }

    @AfterEach
    void close() throws Exception {
        channel.close();
    }

    private MasterEvent decode(int type, int id, int aux, byte... payload) throws FrameException {
        return ControlFrames.decode(from, new FrameHeader(payload.length, type, 0, id, aux, 0), payload);
    }

    @Test
    void readsEveryFrame() throws Exception {
        assertThat(decode(FrameType.ZYGOTE, 0, 7)).isEqualTo(new MasterEvent.ZygoteConnected(from, 7));
        assertThat(decode(FrameType.BOOTED, 0, 2)).isEqualTo(new MasterEvent.Booted(from, 2));
        assertThat(decode(FrameType.SPAWNED, 3, 8)).isEqualTo(new MasterEvent.Spawned(from, 3, 8, -1));
        assertThat(decode(FrameType.SPAWNED, 3, 8, (byte) 17, (byte) 0, (byte) 0, (byte) 0))
                .isEqualTo(new MasterEvent.Spawned(from, 3, 8, 17));
        assertThat(decode(FrameType.EXITED, 3, 9, (byte) 0, (byte) 1, (byte) 0, (byte) 0))
                .isEqualTo(new MasterEvent.Exited(from, 3, 256, new ExitStatus(-1, 9)));
        assertThat(decode(FrameType.READY, 3, 8, "/run/x/../w.sock".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new MasterEvent.Ready(from, 3, 8, Path.of("/run/w.sock")));
    }

    @Test
    void tellsAForkThatFailedFromOneThatDidNot() throws Exception {
        // 11 is an errno here, and must never be taken for the id of a process to kill.
        assertThat(ControlFrames.decode(
                        from, new FrameHeader(0, FrameType.SPAWNED, FrameHeader.REFUSED, 3, 11, 0), new byte[0]))
                .isEqualTo(new MasterEvent.NotForked(from, 3, 11));
    }

    @Test
    void keepsForgedLinesAndHugeReasonsOutOfTheLog() throws Exception {
        byte[] forged = "a\nDAMN ! worker 1\u001b[2J\r".getBytes(StandardCharsets.UTF_8);
        assertThat(decode(FrameType.BOOT_FAILED, 0, 22, forged))
                .isEqualTo(new MasterEvent.BootFailed(from, 22, "a DAMN ! worker 1 [2J"));
        MasterEvent.WorkerFailed failed = (MasterEvent.WorkerFailed)
                decode(FrameType.WORKER_FAILED, 1, 8, "x".repeat(60_000).getBytes(StandardCharsets.UTF_8));
        assertThat(failed.reason()).hasSize(2000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 256})
    void makesOneOfExitCodesThatAreNone(int code) throws Exception {
        assertThat(decode(FrameType.BOOT_FAILED, 0, code)).isEqualTo(new MasterEvent.BootFailed(from, 1, ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, -5})
    void refusesProcessIdsThatCannotBe(int pid) {
        assertThatThrownBy(() -> decode(FrameType.SPAWNED, 1, pid))
                .isInstanceOf(FrameException.class)
                .hasMessage("process id: " + pid + " (expected: > 1)");
    }

    @Test
    void refusesOtherTypesAndLargePayloadsBeforeReadingThem() {
        assertThatThrownBy(() -> ControlFrames.check(new FrameHeader(0, FrameType.SPAWN, 0, 0, 0, 0)))
                .hasMessage("control frame of type 80 (expected: 64 to 72)");
        assertThatThrownBy(() -> ControlFrames.check(new FrameHeader(65_537, FrameType.READY, 0, 0, 0, 0)))
                .hasMessage("control frame of 65537 bytes (expected: at most 65536)");
    }

    @Test
    void neverThrowsAnythingElse() {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] payload = new byte[random.nextInt(40)];
            random.nextBytes(payload);
            int type = random.nextInt(FrameType.ZYGOTE, FrameType.LEAVING + 1);
            assertThatCode(() -> {
                        try {
                            decode(type, random.nextInt(), random.nextInt(), payload);
                        } catch (FrameException refused) {
                            assertThat(refused).hasMessageNotContaining("\n");
                        }
                    })
                    .as("seed %d", seed)
                    .doesNotThrowAnyException();
        }
    }
}
