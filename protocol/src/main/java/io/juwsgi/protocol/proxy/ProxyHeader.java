package io.juwsgi.protocol.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy says in front of a connection's bytes about the client that it speaks for (HAProxy's specification of the
 * PROXY protocol, versions 1 and 2).
 *
 * @param size how many bytes the header has
 * @param source the client, null when the proxy speaks for itself or the client has no IP address
 * @param destination what the client was connected to, null as the source is
 */
public record ProxyHeader(
        int size,
        @Nullable InetSocketAddress source,
        @Nullable InetSocketAddress destination) {
    /** The longest header of version 1. */
    private static final int V1_LIMIT = 107;

    /** The longest header of version 2 that is taken; its addresses have 36 bytes at most, the rest are extensions. */
    private static final int V2_LIMIT = 4096;

    private static final int V2_FIXED = 16;
    private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] V2 = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};

    /** Returns the header of version 1 for a client; without one the proxy speaks for itself. */
    public static byte[] version1(@Nullable InetSocketAddress source, @Nullable InetSocketAddress destination) {
        if (source == null || destination == null) {
            return "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);
        }
        boolean six = bytes(source).length > 4 || bytes(destination).length > 4;
        String line = (six ? "PROXY TCP6 " : "PROXY TCP4 ")
                + text(source, six) + " " + text(destination, six) + " " + source.getPort() + " "
                + destination.getPort() + "\r\n";
        return line.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(InetSocketAddress address, boolean six) {
        String own = address.getAddress().getHostAddress();
        return six && own.indexOf(':') < 0 ? "::ffff:" + own : own;
    }

    private static byte[] bytes(InetSocketAddress address) {
        return address.getAddress().getAddress();
    }

    /** Returns the header of version 2 for a client; without one the proxy speaks for itself. */
    public static byte[] version2(@Nullable InetSocketAddress source, @Nullable InetSocketAddress destination) {
        ByteBuffer out = ByteBuffer.allocate(V2_FIXED + 36).put(V2);
        if (source == null || destination == null) {
            out.put((byte) 0x20).put((byte) 0).putShort((short) 0);
        } else {
            boolean six = bytes(source).length > 4 || bytes(destination).length > 4;
            int each = six ? 16 : 4;
            out.put((byte) 0x21).put((byte) (six ? 0x21 : 0x11)).putShort((short) (2 * each + 4));
            out.put(wide(bytes(source), each)).put(wide(bytes(destination), each));
            out.putShort((short) source.getPort()).putShort((short) destination.getPort());
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /** RFC 4291 section 2.5.5.2: an IPv4 address among IPv6 ones. */
    private static byte[] wide(byte[] address, int size) {
        if (address.length == size) {
            return address;
        }
        byte[] wide = new byte[size];
        wide[10] = (byte) 0xff;
        wide[11] = (byte) 0xff;
        System.arraycopy(address, 0, wide, 12, 4);
        return wide;
    }

    /** How many bytes {@link #read} looks at, at most. */
    public static final int LIMIT = V2_LIMIT;

    /**
     * Reads a header.
     *
     * @param bytes what has come so far, from the connection's first byte on
     * @return the header, or null when more is needed
     * @throws ProxyException when this cannot become a header
     */
    public static @Nullable ProxyHeader read(byte[] bytes) throws ProxyException {
        if (begins(bytes, V1)) {
            return bytes.length < V1.length ? null : version1(bytes);
        }
        if (begins(bytes, V2)) {
            return bytes.length < V2_FIXED ? null : version2(bytes);
        }
        throw new ProxyException("the connection does not begin with a PROXY header");
    }

    private static boolean begins(byte[] bytes, byte[] with) {
        int common = Math.min(bytes.length, with.length);
        return Arrays.equals(bytes, 0, common, with, 0, common);
    }

    private static @Nullable ProxyHeader version1(byte[] bytes) throws ProxyException {
        int limit = Math.min(bytes.length, V1_LIMIT);
        for (int i = V1.length; i < limit; i++) {
            if (bytes[i] == '\n') {
                if (bytes[i - 1] != '\r') {
                    break;
                }
                return line(new String(bytes, V1.length, i - 1 - V1.length, StandardCharsets.ISO_8859_1), i + 1);
            }
        }
        if (bytes.length >= V1_LIMIT) {
            throw new ProxyException("the PROXY line is longer than " + V1_LIMIT + " bytes");
        }
        if (indexOfLineFeed(bytes) >= 0) {
            throw new ProxyException("the PROXY line does not end with CR LF");
        }
        return null;
    }

    private static int indexOfLineFeed(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static ProxyHeader line(String line, int size) throws ProxyException {
        if (line.equals("UNKNOWN") || line.startsWith("UNKNOWN ")) {
            return new ProxyHeader(size, null, null);
        }
        String[] words = line.split(" ", -1);
        if (words.length != 5 || !(words[0].equals("TCP4") || words[0].equals("TCP6"))) {
            throw new ProxyException("the PROXY line is not TCP4 or TCP6 with two addresses and two ports");
        }
        int length = words[0].equals("TCP4") ? 4 : 16;
        return new ProxyHeader(
                size,
                new InetSocketAddress(address(words[1], length), port(words[3])),
                new InetSocketAddress(address(words[2], length), port(words[4])));
    }

    private static InetAddress address(String text, int length) throws ProxyException {
        boolean six = text.indexOf(':') >= 0;
        boolean four = !six && text.chars().filter(c -> c == '.').count() == 3;
        boolean plain = text.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '.' || c == ':');
        try {
            if (plain && (length == 4 ? four : six)) {
                // Never a name, and so never a look-up.
                return InetAddress.ofLiteral(text);
            }
        } catch (IllegalArgumentException e) {
            throw new ProxyException("an address of the PROXY line is not valid");
        }
        throw new ProxyException("an address of the PROXY line is not valid");
    }

    private static int port(String text) throws ProxyException {
        boolean digits = !text.isEmpty() && text.length() < 6 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(text) : -1;
        if (port < 0 || port > 65_535 || (text.length() > 1 && text.charAt(0) == '0')) {
            throw new ProxyException("a port of the PROXY line is not 0 to 65535");
        }
        return port;
    }

    private static @Nullable ProxyHeader version2(byte[] bytes) throws ProxyException {
        int command = bytes[12] & 0xff;
        if (command != 0x20 && command != 0x21) {
            throw new ProxyException("the PROXY header's version and command are " + command);
        }
        int length = (bytes[14] & 0xff) << 8 | (bytes[15] & 0xff);
        int size = V2_FIXED + length;
        if (size > V2_LIMIT) {
            throw new ProxyException("the PROXY header has " + size + " bytes (expected: up to " + V2_LIMIT + ")");
        }
        if (bytes.length < size) {
            return null;
        }
        int addresses = addressBytes(bytes[13] & 0xff);
        if (command == 0x21 && addresses > length) {
            throw new ProxyException("the PROXY header is too short for its addresses");
        }
        if (command == 0x20) {
            return new ProxyHeader(size, null, null);
        }
        extensions(bytes, V2_FIXED + addresses, size);
        int each = addresses == 12 ? 4 : addresses == 36 ? 16 : 0;
        return each == 0 ? new ProxyHeader(size, null, null) : binary(bytes, each, size);
    }

    private static int addressBytes(int family) throws ProxyException {
        return switch (family >> 4) {
            case 0 -> 0;
            case 1 -> 12;
            case 2 -> 36;
            case 3 -> 216;
            default -> throw new ProxyException("the PROXY header's address family is " + (family >> 4));
        };
    }

    private static ProxyHeader binary(byte[] bytes, int each, int size) throws ProxyException {
        ByteBuffer in = ByteBuffer.wrap(bytes, V2_FIXED, 2 * each + 4);
        byte[] source = new byte[each];
        byte[] destination = new byte[each];
        in.get(source).get(destination);
        try {
            return new ProxyHeader(
                    size,
                    new InetSocketAddress(InetAddress.getByAddress(source), in.getShort() & 0xffff),
                    new InetSocketAddress(InetAddress.getByAddress(destination), in.getShort() & 0xffff));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("addresses have 4 or 16 bytes", e);
        }
    }

    /** Extensions (type, length, value) are passed over; they must fill the header to its end. */
    private static void extensions(byte[] bytes, int from, int to) throws ProxyException {
        int at = from;
        while (at < to) {
            if (to - at < 3) {
                throw new ProxyException("an extension of the PROXY header is cut off");
            }
            at += 3 + ((bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff));
        }
        if (at > to) {
            throw new ProxyException("an extension of the PROXY header is longer than the header");
        }
    }
}
