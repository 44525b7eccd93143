package io.juwsgi.cache.named;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.juwsgi.protocol.uwsgi.UwsgiException;
import io.juwsgi.protocol.uwsgi.UwsgiHeader;
import io.juwsgi.protocol.uwsgi.UwsgiVariables;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A packet of uWSGI's dictionary protocol for caches: modifier1 111, modifier2 17, variables, and a value behind them whose
 * length the variable {@code size} tells. Questions and answers have this form. Texts are one char a byte.
 *
 * @param variables in wire order
 */
record CachePacket(Map<String, String> variables) {
    /** modifier2 of the packets that carry a dictionary. */
    static final int DICTIONARY = 17;

    /**
     * Returns the packet's bytes, without a value.
     *
     * @throws IOException when a key is so long that the packet cannot be
     */
    byte[] bytes() throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream(64);
        block.writeBytes(new byte[UwsgiHeader.SIZE]);
        variables.forEach((name, value) -> {
            text(block, name);
            text(block, value);
        });
        byte[] packet = block.toByteArray();
        int size = packet.length - UwsgiHeader.SIZE;
        if (size > UwsgiHeader.MAX_BLOCK) {
            throw new IOException("a packet of " + size + " bytes (expected: at most " + UwsgiHeader.MAX_BLOCK + ")");
        }
        new UwsgiHeader(UwsgiHeader.CACHE, size, DICTIONARY).write(packet, 0);
        return packet;
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        block.write(bytes.length);
        block.write(bytes.length >> 8);
        block.writeBytes(bytes);
    }

    /**
     * Reads a packet.
     *
     * @throws IOException when it is cut off or not one of these
     */
    static CachePacket read(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        byte[] head = new byte[UwsgiHeader.SIZE];
        data.readFully(head);
        UwsgiHeader header = UwsgiHeader.read(head, 0);
        if (header.modifier1() != UwsgiHeader.CACHE || header.modifier2() != DICTIONARY) {
            throw new IOException("modifiers " + header.modifier1() + " and " + header.modifier2() + " (expected: "
                    + UwsgiHeader.CACHE + " and " + DICTIONARY + ")");
        }
        byte[] block = new byte[header.size()];
        data.readFully(block);
        Map<String, String> variables = new LinkedHashMap<>();
        try {
            UwsgiVariables.read(block, 0, block.length, variables::put);
        } catch (UwsgiException e) {
            throw new IOException(e.getMessage(), e);
        }
        return new CachePacket(variables);
    }

    /** Returns whether an answer says that it was done. */
    boolean ok() {
        return "ok".equals(variables.get("status"));
    }

    /**
     * Returns the length of the value behind the packet, 0 when there is none.
     *
     * @param most bytes that are taken
     * @throws IOException when it is no number, or larger
     */
    int valueLength(int most) throws IOException {
        String size = variables.getOrDefault("size", "0");
        boolean number = !size.isEmpty() && size.length() < 10 && size.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!number || Integer.parseInt(size) > most) {
            throw new IOException("size: a value that is no number up to " + most);
        }
        return Integer.parseInt(size);
    }
}
