package io.juwsgi.router.worker;

import io.juwsgi.protocol.link.FrameException;
import io.juwsgi.protocol.link.FrameType;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** What an application asks for its running request beside the response. Owned by the pool's event loop. */
final class Asides {
    private Asides() {}

    /**
     * Takes the start of a frame.
     *
     * @param call the request that the core works on
     * @param output answers
     * @throws FrameException when the frame is none of these, or not to be expected
     */
    static void take(Call call, CoreOutput output, int type, int aux, ByteBuf bytes, int length) throws FrameException {
        switch (type) {
            case FrameType.DEADLINE -> call.deadline(aux, System.nanoTime());
            case FrameType.LOGVAR -> variable(call, aux, bytes, length);
            case FrameType.WEBSOCKET -> webSocket(call, output, bytes, length);
            case FrameType.SEND -> socket(call).begin(aux == 1);
            default -> throw new FrameException("frame type: " + type + " (expected: 16 to 23)");
        }
    }

    private static void variable(Call call, int nameLength, ByteBuf bytes, int length) throws FrameException {
        if (nameLength < 0 || nameLength > length) {
            throw new FrameException("LOGVAR: name of " + Integer.toUnsignedString(nameLength) + " bytes of " + length);
        }
        int at = bytes.readerIndex();
        String name = bytes.toString(at, nameLength, StandardCharsets.ISO_8859_1);
        String value = bytes.toString(at + nameLength, length - nameLength, StandardCharsets.ISO_8859_1);
        RemoteExchange.variable(call.exchange(), name, value);
    }

    private static void webSocket(Call call, CoreOutput output, ByteBuf bytes, int length) throws FrameException {
        if (call.responseBegun()) {
            throw new FrameException("WEBSOCKET after the response's head, or another WebSocket");
        }
        String protocol = bytes.toString(bytes.readerIndex(), length, StandardCharsets.ISO_8859_1);
        CallSocket socket = new CallSocket(call, output);
        call.socket(socket);
        if (call.isDiscarded()) {
            output.accepted(call, false);
        } else {
            socket.open(protocol);
        }
    }

    private static CallSocket socket(Call call) throws FrameException {
        CallSocket socket = call.socket();
        if (socket == null) {
            throw new FrameException("SEND without a WebSocket");
        }
        return socket;
    }
}
