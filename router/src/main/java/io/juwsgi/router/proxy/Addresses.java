package io.juwsgi.router.proxy;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Addresses as fields write them. Nothing is ever looked up. */
final class Addresses {
    private Addresses() {}

    /** Returns the address that a text is, or null. */
    static @Nullable InetAddress parse(String text) {
        boolean plain = NetUtil.isValidIpV4Address(text) || NetUtil.isValidIpV6Address(text);
        return plain && text.indexOf('%') < 0 ? InetAddress.ofLiteral(text) : null;
    }

    /** Returns the address, with port 0 when none is given, or null: {@code 1.2.3.4:80}, {@code [::1]:80}, {@code ::1}. */
    static @Nullable InetSocketAddress parseWithPort(String text) {
        String host = text;
        int port = 0;
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        int end = bracketed ? text.indexOf(']') : -1;
        if (bracketed && end < 0) {
            return null;
        }
        if (bracketed) {
            host = text.substring(1, end);
            port = end == text.length() - 1 ? 0 : colon == end + 1 ? port(text.substring(colon + 1)) : -1;
        } else if (colon >= 0 && text.indexOf(':') == colon) {
            host = text.substring(0, colon);
            port = port(text.substring(colon + 1));
        }
        InetAddress address = parse(host);
        return address == null || port < 0 ? null : new InetSocketAddress(address, port);
    }

    /** Returns a port, or -1. */
    static int port(String text) {
        boolean digits = !text.isEmpty() && text.length() < 6 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(text) : -1;
        return port > 65_535 ? -1 : port;
    }

    static String text(InetAddress address) {
        return NetUtil.toAddressString(address);
    }
}
