package io.juwsgi.router.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.protocol.link.FrameHeader;
import io.juwsgi.protocol.link.FrameType;
import io.juwsgi.router.listener.Transport;
import io.juwsgi.spi.worker.WorkerCall;
import io.juwsgi.spi.worker.WorkerFunction;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls over a real socket, with callers that keep the rules and callers that do not. */
class CallServerTest {
    private static final byte[] NONE = {};

    @TempDir
    Path directory;

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, Transport.best().handlers());
    private final BlockingQueue<WorkerCall> held = new ArrayBlockingQueue<>(8);
    private CallServer server;
    private Path socket;

    @BeforeEach
    void open() {
        socket = directory.resolve("calls.sock");
        server = CallServer.open(group.next(), Transport.best(), socket, 1);
        server.functions(List.of(() -> Map.<String, WorkerFunction>of(
                "echo", call -> call.reply(call.arguments().toArray(byte[][]::new)),
                "who", call -> call.reply(Integer.toString(call.worker()).getBytes(StandardCharsets.US_ASCII)),
                "none", WorkerCall::reply,
                "refuse", call -> call.fail("not today"),
                "hold", held::add,
                "twice",
                        call -> {
                            call.reply(NONE);
                            call.fail("too late");
                        },
                "throw",
                        call -> {
                            throw new IllegalStateException("a bug");
                        },
                "huge", call -> call.reply(new byte[FrameHeader.MAX_LENGTH]))));
    }

    @AfterEach
    void close() {
        server.close();
        var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** One caller. */
    private final class Caller implements AutoCloseable {
        private final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);

        Caller(int worker, int pid) throws IOException {
            channel.connect(UnixDomainSocketAddress.of(socket));
            frame(FrameType.HELLO, worker, pid, NONE);
        }

        void frame(int type, int id, int aux, byte[] payload) throws IOException {
            ByteBuffer out = ByteBuffer.allocate(FrameHeader.SIZE + payload.length);
            new FrameHeader(payload.length, type, 0, id, aux, 0).write(out);
            raw(out.put(payload).flip());
        }

        void raw(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        void send(String name, byte[]... arguments) throws IOException {
            int size = name.length();
            for (byte[] argument : arguments) {
                size += 4 + argument.length;
            }
            ByteBuffer payload = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
            payload.put(name.getBytes(StandardCharsets.US_ASCII));
            for (byte[] argument : arguments) {
                payload.putInt(argument.length).put(argument);
            }
            frame(FrameType.CALL, 9, name.length(), payload.array());
        }

        /** Returns the values of the next answer as texts, or what it was refused with. */
        List<String> answer() throws IOException {
            FrameHeader header = FrameHeader.read(read(FrameHeader.SIZE));
            assertThat(header.type()).isEqualTo(FrameType.REPLY);
            assertThat(header.id()).isEqualTo(9);
            ByteBuffer payload = read(header.length()).order(ByteOrder.LITTLE_ENDIAN);
            if ((header.flags() & FrameHeader.REFUSED) != 0) {
                return List.of("refused: " + StandardCharsets.UTF_8.decode(payload));
            }
            List<String> values = new ArrayList<>();
            for (int i = 0; i < header.aux(); i++) {
                byte[] value = new byte[payload.getInt()];
                payload.get(value);
                values.add(new String(value, StandardCharsets.ISO_8859_1));
            }
            return values;
        }

        List<String> call(String name, String... arguments) throws IOException {
            byte[][] bytes = new byte[arguments.length][];
            for (int i = 0; i < arguments.length; i++) {
                bytes[i] = arguments[i].getBytes(StandardCharsets.ISO_8859_1);
            }
            send(name, bytes);
            return answer();
        }

        private ByteBuffer read(int size) throws IOException {
            ByteBuffer in = ByteBuffer.allocate(size);
            while (in.hasRemaining()) {
                if (channel.read(in) < 0) {
                    throw new EOFException();
                }
            }
            return in.flip();
        }

        boolean ended() throws IOException {
            try {
                return channel.read(ByteBuffer.allocate(1)) < 0;
            } catch (IOException reset) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Test
    void answersWithWhatTheFunctionSays() throws Exception {
        try (Caller caller = new Caller(3, 1234)) {
            assertThat(caller.call("echo", "a", "", "c\u00ff")).containsExactly("a", "", "c\u00ff");
            assertThat(caller.call("echo", "x".repeat(3_000_000))).containsExactly("x".repeat(3_000_000));
            assertThat(caller.call("who")).containsExactly("3");
            assertThat(caller.call("none")).isEmpty();
            assertThat(caller.call("refuse")).containsExactly("refused: not today");
            assertThat(caller.call("twice")).containsExactly("");
            assertThat(caller.call("nobody")).containsExactly("refused: no function nobody in this configuration");
            assertThat(caller.call("throw"))
                    .containsExactly("refused: the function failed in the server: its log says why");
            assertThat(caller.call("huge").getFirst()).startsWith("refused: the answer has 16777220 bytes");
            assertThat(caller.call("echo")).isEmpty();
        }
    }

    @Test
    void onlyTheOwnerMayConnect() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
    }

    @Test
    void anAnswerMayComeLaterAndFromAnotherThread() throws Exception {
        try (Caller caller = new Caller(1, 1);
                Caller other = new Caller(1, 1)) {
            caller.send("hold", NONE);
            WorkerCall call = held.take();
            assertThat(other.call("echo", "meanwhile")).containsExactly("meanwhile");
            Thread.ofVirtual().start(() -> call.reply(new byte[] {'7'})).join();
            assertThat(caller.answer()).containsExactly("7");
        }
    }

    @Test
    void aCallerThatGoesHarmsNobody() throws Exception {
        WorkerCall call;
        try (Caller caller = new Caller(1, 1)) {
            caller.send("hold", NONE);
            call = held.take();
        }
        call.reply(new byte[] {1});
        try (Caller caller = new Caller(1, 1)) {
            assertThat(caller.call("echo", "still")).containsExactly("still");
        }
    }

    @Test
    void otherFunctionsCountFromTheNextCallOn() throws Exception {
        try (Caller caller = new Caller(1, 1)) {
            caller.send("hold", NONE);
            WorkerCall call = held.take();
            server.functions(List.of(() -> Map.of("echo", replaced -> replaced.reply(new byte[] {'2'}))));
            call.reply(new byte[] {'1'});
            assertThat(caller.answer()).containsExactly("1");
            assertThat(caller.call("echo", "x")).containsExactly("2");
        }
    }

    @Test
    void garbageEndsItsConnectionAndNoOther() throws Exception {
        Random random = new Random(17);
        try (Caller good = new Caller(1, 1)) {
            for (int i = 0; i < 200; i++) {
                try (Caller bad = new Caller(1, 1)) {
                    byte[] bytes = new byte[1 + random.nextInt(200)];
                    random.nextBytes(bytes);
                    bytes[0] |= 1;
                    bad.raw(ByteBuffer.wrap(bytes));
                    bad.channel.shutdownOutput();
                    assertThat(bad.ended()).isTrue();
                }
            }
            assertThat(good.call("echo", "fine")).containsExactly("fine");
        }
    }

    @Test
    void brokenRulesEndTheConnection() throws Exception {
        byte[] tooMany = new byte[4 + 4 * 65];
        System.arraycopy("echo".getBytes(StandardCharsets.US_ASCII), 0, tooMany, 0, 4);
        List<Object[]> broken = List.of(
                new Object[] {FrameType.REPLY, 4, "echo".getBytes(StandardCharsets.US_ASCII)},
                new Object[] {FrameType.CALL, 0, NONE},
                new Object[] {FrameType.CALL, 65, new byte[65]},
                new Object[] {FrameType.CALL, 9, new byte[4]},
                new Object[] {FrameType.CALL, 4, new byte[] {'e', 'c', 'h', 'o', 1, 0, 0, 0}},
                new Object[] {FrameType.CALL, 4, new byte[] {'e', 'c', 'h', 'o', 1}},
                new Object[] {FrameType.CALL, 4, tooMany});
        for (Object[] one : broken) {
            try (Caller caller = new Caller(1, 1)) {
                caller.frame((int) one[0], 9, (int) one[1], (byte[]) one[2]);
                assertThat(caller.ended()).isTrue();
            }
        }
    }

    @Test
    void aSecondCallBeforeTheFirstAnswerEndsTheConnection() throws Exception {
        try (Caller caller = new Caller(1, 1)) {
            caller.send("hold", NONE);
            held.take();
            caller.send("hold", NONE);
            assertThat(caller.ended()).isTrue();
        }
    }

    @Test
    void aLockGoesToWhoWaitsAndIsFreeWhenItsHolderEnds() throws Exception {
        String zero = "\0";
        try (Caller first = new Caller(1, 11);
                Caller second = new Caller(2, 22);
                Caller third = new Caller(3, 33)) {
            assertThat(first.call("lock", zero)).isEmpty();
            assertThat(first.call("lock", zero)).containsExactly("refused: this thread has the lock already");
            second.send("lock", new byte[] {0});
            assertThat(third.call("is_locked", zero)).containsExactly("\1");
            assertThat(server.lockHolders()).containsExactly(11L, 0L);
            assertThat(third.call("unlock", zero)).isEmpty();
            assertThat(server.lockHolders()).containsExactly(11L, 0L);
            first.close();
            assertThat(second.answer()).isEmpty();
            assertThat(third.call("is_locked", zero)).containsExactly("\1");
            assertThat(second.call("unlock", zero)).isEmpty();
            assertThat(third.call("is_locked", zero)).containsExactly("\0");
            assertThat(third.call("lock", "\2")).containsExactly("refused: Invalid lock number");
            assertThat(third.call("lock")).containsExactly("refused: Invalid lock number");
        }
    }

    @Test
    void theEndOfTheServerIsAnEndForCallers() throws Exception {
        try (Caller caller = new Caller(1, 1)) {
            caller.send("hold", NONE);
            held.take();
            server.close();
            assertThat(caller.ended()).isTrue();
            assertThat(socket).doesNotExist();
        }
    }
}
