package io.juwsgi.master;

import io.juwsgi.protocol.link.FrameException;
import io.juwsgi.protocol.link.FrameHeader;
import io.juwsgi.spi.LogSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/**
 * The master's end of a control connection. Its own thread reads; only the master's thread writes. A connection that
 * breaks the rules is closed and hurts nothing else.
 */
final class ControlConnection implements Runnable {
    private final SocketChannel channel;
    private final LogSink log;
    private final Consumer<MasterEvent> events;

    ControlConnection(SocketChannel channel, LogSink log, Consumer<MasterEvent> events) {
        this.channel = channel;
        this.log = log;
        this.events = events;
    }

    /** Reads frames until the connection ends. */
    @Override
    public void run() {
        try (channel) {
            ByteBuffer header = ByteBuffer.allocate(FrameHeader.SIZE);
            while (filled(header, true)) {
                events.accept(next(FrameHeader.read(header)));
                header.clear();
            }
        } catch (FrameException e) {
            log.line("control connection closed: " + e.getMessage());
        } catch (IOException closed) {
            // The process ended, or this side closed the connection: either is told by ConnectionEnded.
        } finally {
            events.accept(new MasterEvent.ConnectionEnded(this));
        }
    }

    private MasterEvent next(FrameHeader header) throws IOException {
        ControlFrames.check(header);
        ByteBuffer payload = ByteBuffer.allocate(header.length());
        filled(payload, false);
        return ControlFrames.decode(this, header, payload.array());
    }

    /** Fills the buffer and flips it; returns false when the connection ended before its first byte and may. */
    private boolean filled(ByteBuffer buffer, boolean mayEnd) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                if (mayEnd && buffer.position() == 0) {
                    return false;
                }
                throw new FrameException("it ended inside a frame");
            }
        }
        buffer.flip();
        return true;
    }

    /**
     * Sends a frame without payload. It does not wait: a process is sent a few of these in its life, and the socket's
     * buffer holds thousands.
     */
    void send(int type, int id) {
        send(type, id, 0);
    }

    /** Does the same with a number beside the id. */
    void send(int type, int id, int aux) {
        ByteBuffer frame = ByteBuffer.allocate(FrameHeader.SIZE);
        new FrameHeader(0, type, 0, id, aux, 0).write(frame);
        frame.flip();
        try {
            while (frame.hasRemaining()) {
                channel.write(frame);
            }
        } catch (IOException broken) {
            close();
        }
    }

    /** Closes the connection; the process at its other end leaves. */
    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            log.line("control connection: " + e.getMessage());
        }
    }
}
