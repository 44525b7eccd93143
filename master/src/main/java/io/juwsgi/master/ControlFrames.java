package io.juwsgi.master;

import io.juwsgi.processes.ExitStatus;
import io.juwsgi.protocol.link.FrameException;
import io.juwsgi.protocol.link.FrameHeader;
import io.juwsgi.protocol.link.FrameType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Turns the frames that processes send over control connections into messages. */
final class ControlFrames {
    /** The largest payload on a control connection: a path, or one line of text. */
    static final int MAX_PAYLOAD = 64 * 1024;

    private static final int MAX_REASON = 2000;

    private ControlFrames() {}

    /** Refuses a header before its payload is read. */
    static void check(FrameHeader header) throws FrameException {
        if (header.type() < FrameType.ZYGOTE || header.type() > FrameType.LEAVING) {
            throw new FrameException("control frame of type " + header.type() + " (expected: " + FrameType.ZYGOTE
                    + " to " + FrameType.LEAVING + ")");
        }
        if (header.length() > MAX_PAYLOAD) {
            throw new FrameException(
                    "control frame of " + header.length() + " bytes (expected: at most " + MAX_PAYLOAD + ")");
        }
    }

    static MasterEvent.FromProcess decode(ControlConnection from, FrameHeader header, byte[] payload)
            throws FrameException {
        return switch (header.type()) {
            case FrameType.ZYGOTE -> new MasterEvent.ZygoteConnected(from, pid(header.aux()));
            case FrameType.BOOTED -> new MasterEvent.Booted(from, Math.max(0, header.aux()));
            case FrameType.BOOT_FAILED -> new MasterEvent.BootFailed(from, exitCode(header.aux()), oneLine(payload));
            case FrameType.SPAWNED ->
                (header.flags() & FrameHeader.REFUSED) != 0
                        ? new MasterEvent.NotForked(from, header.id(), header.aux())
                        : new MasterEvent.Spawned(from, header.id(), pid(header.aux()), descriptor(payload));
            case FrameType.EXITED ->
                new MasterEvent.Exited(from, header.id(), exitedPid(payload), ExitStatus.ofWait(header.aux()));
            case FrameType.READY -> new MasterEvent.Ready(from, header.id(), pid(header.aux()), path(payload));
            case FrameType.WORKER_FAILED ->
                new MasterEvent.WorkerFailed(from, header.id(), pid(header.aux()), oneLine(payload));
            case FrameType.CHANGED -> new MasterEvent.Changed(from, oneLine(payload));
            case FrameType.LEAVING -> new MasterEvent.Leaving(from, header.aux());
            default -> throw new FrameException("control frame of type " + header.type());
        };
    }

    private static long pid(int pid) throws FrameException {
        if (pid <= 1) {
            throw new FrameException("process id: " + pid + " (expected: > 1)");
        }
        return pid;
    }

    private static long exitedPid(byte[] payload) throws FrameException {
        if (payload.length != Integer.BYTES) {
            throw new FrameException("EXITED: payload of " + payload.length + " bytes (expected: 4)");
        }
        return pid(ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getInt());
    }

    private static int descriptor(byte[] payload) throws FrameException {
        if (payload.length != 0 && payload.length != Integer.BYTES) {
            throw new FrameException("SPAWNED: payload of " + payload.length + " bytes (expected: 0 or 4)");
        }
        return payload.length == 0
                ? -1
                : ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    private static int exitCode(int code) {
        return code > 0 && code < 256 ? code : 1;
    }

    private static Path path(byte[] payload) throws FrameException {
        try {
            Path path = Path.of(new String(payload, StandardCharsets.UTF_8));
            if (!path.isAbsolute() || path.toString().chars().anyMatch(Character::isISOControl)) {
                throw new FrameException("READY: link socket '" + oneLine(payload) + "' (expected: an absolute path)");
            }
            return path.normalize();
        } catch (InvalidPathException e) {
            throw new FrameException("READY: link socket is no path: " + e.getReason());
        }
    }

    /** Returns the text as one line without control characters, so that no process can forge lines of the log. */
    private static String oneLine(byte[] payload) {
        String text = new String(payload, 0, Math.min(payload.length, MAX_REASON), StandardCharsets.UTF_8);
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }
}
