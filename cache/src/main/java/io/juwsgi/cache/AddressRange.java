package io.juwsgi.cache;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * Addresses that begin with the same bits, such as {@code 10.0.0.0/8}; {@code unix} stands for clients of Unix sockets.
 *
 * @param prefix the bytes of an address, none for Unix sockets
 * @param bits how many of their bits count
 */
@SuppressWarnings("ArrayRecordComponent")
record AddressRange(byte[] prefix, int bits) {
    /** Nothing that a resolver would be asked for. */
    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    static AddressRange of(String text) {
        if (text.equals("unix")) {
            return new AddressRange(new byte[0], 0);
        }
        int slash = text.indexOf('/');
        byte[] bytes = bytes(slash < 0 ? text : text.substring(0, slash));
        try {
            int bits = slash < 0 ? bytes.length * 8 : Integer.parseInt(text.substring(slash + 1));
            if (bytes.length > 0 && bits >= 0 && bits <= bytes.length * 8) {
                return new AddressRange(bytes, bits);
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IllegalArgumentException("address: " + text + " (expected: such as 127.0.0.1, 10.0.0.0/8 or unix)");
    }

    /** Returns whether a client's address, empty for one over a Unix socket, is among them. */
    boolean contains(String address) {
        byte[] bytes = bytes(address);
        if (bytes.length != prefix.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i % 8);
            if ((bytes[i / 8] & mask) != (prefix[i / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] bytes(String address) {
        try {
            return NUMERIC.matcher(address).matches()
                    ? InetAddress.getByName(address).getAddress()
                    : new byte[0];
        } catch (UnknownHostException e) {
            return new byte[0];
        }
    }
}
