package io.juwsgi.router.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.protocol.link.FrameHeader;
import io.juwsgi.protocol.link.FrameType;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A worker process played by the test: a real Unix socket, every frame answered by hand. */
final class FakeWorker implements AutoCloseable {

    /** A frame as it came from the router. */
    record Frame(int core, FrameHeader header, byte[] payload) {
        int id() {
            return header.id();
        }

        int type() {
            return header.type();
        }

        boolean has(int flag) {
            return (header.flags() & flag) != 0;
        }

        /** Returns the part behind the environ. */
        String inlineBody() {
            return text(header.aux());
        }

        /** Returns the payload from {@code from} on; a path can be searched in the environ. */
        String text(int from) {
            return new String(payload, from, payload.length - from, StandardCharsets.ISO_8859_1);
        }
    }

    private final ServerSocketChannel server;
    private final Map<Integer, SocketChannel> connections = new ConcurrentHashMap<>();
    private final Map<Integer, BlockingQueue<Frame>> frames = new ConcurrentHashMap<>();
    private final CountDownLatch hearing = new CountDownLatch(1);
    private volatile boolean deaf;
    final FakeEndpoint endpoint;

    FakeWorker(int id, int cores, Path directory) throws IOException {
        Path socket = directory.resolve("worker-" + id + ".sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        endpoint = new FakeEndpoint(id, cores, socket);
        Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel connection = server.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException e) {
            // Closed by the test.
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            Frame hello = read(connection, 0);
            int core = hello.id();
            assertThat(hello.type()).isEqualTo(FrameType.HELLO);
            connections.put(core, connection);
            if (deaf) {
                hearing.await();
            }
            while (true) {
                queue(core).add(read(connection, core));
            }
        } catch (IOException | InterruptedException e) {
            // The end of the connection.
        }
    }

    /** Reads nothing after HELLO. */
    void deafen() {
        deaf = true;
    }

    /** Reads after all. */
    void hear() {
        hearing.countDown();
    }

    void awaitConnections(int count) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (connections.size() < count) {
            assertThat(System.nanoTime()).as("deadline of connections").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private BlockingQueue<Frame> queue(int core) {
        return frames.computeIfAbsent(core, c -> new LinkedBlockingQueue<>());
    }

    private static Frame read(SocketChannel connection, int core) throws IOException {
        FrameHeader header = FrameHeader.read(full(connection, FrameHeader.SIZE));
        return new Frame(core, header, full(connection, header.length()).array());
    }

    private static ByteBuffer full(SocketChannel connection, int size) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(size);
        while (bytes.hasRemaining()) {
            if (connection.read(bytes) < 0) {
                throw new EOFException();
            }
        }
        return bytes.flip();
    }

    /** Waits for the next frame on a core connection. */
    Frame next(int core) throws InterruptedException {
        Frame frame = queue(core).poll(20, TimeUnit.SECONDS);
        assertThat(frame).as("frame for core " + core).isNotNull();
        return frame;
    }

    /** Waits for the next frame on the side connection. */
    Frame nextSide() throws InterruptedException {
        return next(FrameHeader.SIDE);
    }

    /** Returns a frame that is already there, or null. */
    Frame peek(int core) {
        return queue(core).poll();
    }

    void send(int core, FrameHeader header, byte[] payload) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(FrameHeader.SIZE + payload.length);
        header.write(out);
        sendRaw(core, out.put(payload).array());
    }

    void sendRaw(int core, byte[] bytes) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        while (out.hasRemaining()) {
            connections.get(core).write(out);
        }
    }

    /** Answers a request with 200 and {@code body}. */
    void answer(Frame request, String body) throws IOException {
        answer(request, body, 20);
    }

    void answer(Frame request, String body, int micros) throws IOException {
        response(request, FrameHeader.END, "200 OK\nContent-Type: text/plain\nX-Twice: a\nX-Twice: b", body, micros);
    }

    void response(Frame request, int flags, String head, String body, int micros) throws IOException {
        byte[] payload = (head + body).getBytes(StandardCharsets.ISO_8859_1);
        send(
                request.core(),
                new FrameHeader(payload.length, FrameType.RESPONSE, flags, request.id(), head.length(), micros),
                payload);
    }

    void data(Frame request, int flags, byte[] bytes) throws IOException {
        send(request.core(), new FrameHeader(bytes.length, FrameType.DATA, flags, request.id(), 0, 20), bytes);
    }

    void failed(Frame request, String why) throws IOException {
        byte[] payload = why.getBytes(StandardCharsets.UTF_8);
        send(
                request.core(),
                new FrameHeader(payload.length, FrameType.FAILED, FrameHeader.END, request.id(), 0, 7),
                payload);
    }

    /** Gives requests back on the side connection. */
    void recalled(int core, int... ids) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(4 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int id : ids) {
            payload.putInt(id);
        }
        send(FrameHeader.SIDE, new FrameHeader(4 * ids.length, FrameType.RECALLED, 0, core, 0, 0), payload.array());
    }

    void traced(int core, int request, String stack) throws IOException {
        byte[] payload = stack.getBytes(StandardCharsets.UTF_8);
        send(FrameHeader.SIDE, new FrameHeader(payload.length, FrameType.TRACED, 0, core, request, 0), payload);
    }

    /** Ends all connections, as the kernel does for a dead process. */
    void die() throws IOException {
        for (SocketChannel connection : connections.values()) {
            connection.close();
        }
    }

    void closeCore(int core) throws IOException {
        connections.get(core).close();
    }

    @Override
    public void close() throws IOException {
        server.close();
        die();
    }
}
