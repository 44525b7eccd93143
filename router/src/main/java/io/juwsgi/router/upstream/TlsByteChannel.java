package io.juwsgi.router.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/** A blocking channel over TLS, for health checks. Used by one thread; an interrupt ends whatever it waits for. */
final class TlsByteChannel implements ByteChannel {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ByteChannel channel;
    private final SSLEngine engine;
    /** What has come and was not decrypted, ready to be filled. */
    private final ByteBuffer encrypted;

    private final ByteBuffer outgoing;
    /** What was decrypted and not taken, ready to be filled. */
    private ByteBuffer plain;

    /** Agrees on TLS over a connection, which is closed when that fails. */
    TlsByteChannel(ByteChannel channel, SSLEngine engine) throws IOException {
        this.channel = channel;
        this.engine = engine;
        encrypted = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        outgoing = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        try {
            engine.beginHandshake();
            while (shakesHands()) {
                if (!step()) {
                    throw new EOFException("closed in the TLS handshake");
                }
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private boolean shakesHands() {
        HandshakeStatus status = engine.getHandshakeStatus();
        return status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED;
    }

    /** Does what TLS needs next, reading when it needs nothing else; false at the end of the connection. */
    private boolean step() throws IOException {
        return switch (engine.getHandshakeStatus()) {
            case NEED_WRAP -> {
                wrap(NOTHING);
                yield true;
            }
            case NEED_TASK -> {
                for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                    task.run();
                }
                yield true;
            }
            default -> unwrap();
        };
    }

    private void wrap(ByteBuffer from) throws IOException {
        outgoing.clear();
        engine.wrap(from, outgoing);
        outgoing.flip();
        while (outgoing.hasRemaining()) {
            channel.write(outgoing);
        }
    }

    private boolean unwrap() throws IOException {
        encrypted.flip();
        SSLEngineResult result = engine.unwrap(encrypted, plain);
        encrypted.compact();
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            ByteBuffer larger = ByteBuffer.allocate(plain.capacity() * 2);
            plain.flip();
            plain = larger.put(plain);
        } else if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
            return channel.read(encrypted) >= 0;
        }
        return result.getStatus() != Status.CLOSED;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        while (plain.position() == 0) {
            if (!step()) {
                return -1;
            }
        }
        plain.flip();
        int count = Math.min(into.remaining(), plain.remaining());
        into.put(plain.slice(plain.position(), count));
        plain.position(plain.position() + count);
        plain.compact();
        return count;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int count = from.remaining();
        while (from.hasRemaining()) {
            wrap(from);
        }
        return count;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            engine.closeOutbound();
            wrap(NOTHING);
        }
    }
}
