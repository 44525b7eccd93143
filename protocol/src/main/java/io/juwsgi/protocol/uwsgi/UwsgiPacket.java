package io.juwsgi.protocol.uwsgi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Builds a packet: header and block of variables. Mutable, owned by whoever builds it. */
public final class UwsgiPacket {
    private final ByteArrayOutputStream block = new ByteArrayOutputStream(512);

    /**
     * Adds a variable.
     *
     * @param name not empty, each char one byte
     * @param value each char one byte
     */
    public UwsgiPacket add(String name, String value) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("uwsgi variable: empty name (expected: at least one character)");
        }
        string(name);
        string(value);
        return this;
    }

    private void string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length > UwsgiHeader.MAX_BLOCK) {
            throw new IllegalArgumentException(
                    "uwsgi string: " + bytes.length + " bytes (expected: at most " + UwsgiHeader.MAX_BLOCK + ")");
        }
        block.write(bytes.length);
        block.write(bytes.length >> 8);
        block.writeBytes(bytes);
    }

    /**
     * Returns the packet.
     *
     * @throws IllegalArgumentException when the variables do not fit into one
     */
    public byte[] bytes(int modifier1, int modifier2) {
        byte[] out = new byte[UwsgiHeader.SIZE + block.size()];
        new UwsgiHeader(modifier1, block.size(), modifier2).write(out, 0);
        System.arraycopy(block.toByteArray(), 0, out, UwsgiHeader.SIZE, block.size());
        return out;
    }
}
