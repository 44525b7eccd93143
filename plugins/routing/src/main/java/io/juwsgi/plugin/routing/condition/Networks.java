package io.juwsgi.plugin.routing.condition;

import io.juwsgi.spi.route.RouteArguments;
import io.juwsgi.spi.route.RouteCondition;
import io.juwsgi.spi.route.RouteText;
import io.juwsgi.spi.route.RouteWord;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conditions about addresses. */
final class Networks {
    private Networks() {}

    /** A network: the first {@code bits} of an address. */
    private static final class Network {
        private final byte[] address;
        private final int bits;

        Network(byte[] address, int bits) {
            this.address = address;
            this.bits = bits;
        }

        boolean holds(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> (i % 8);
                if ((address[i / 8] & mask) != (other[i / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    static List<RouteWord<RouteCondition>> words() {
        return List.of(
                new RouteWord<>(
                        List.of("ipv4in"),
                        "ADDRESS;NETWORK[/BITS]",
                        "the IPv4 address is in the network",
                        arguments -> compile(arguments, 4)),
                new RouteWord<>(
                        List.of("ipv6in"),
                        "ADDRESS;NETWORK[/BITS]",
                        "the IPv6 address is in the network",
                        arguments -> compile(arguments, 16)));
    }

    private static RouteCondition compile(RouteArguments arguments, int length) {
        int semicolon = Pair.semicolon(arguments);
        RouteText address = arguments.template(arguments.text().substring(0, semicolon));
        String written = arguments.text().substring(semicolon + 1);
        if (written.indexOf('$') >= 0) {
            RouteText network = arguments.template(written);
            return exchange -> in(address.of(exchange), network(network.of(exchange), length), length);
        }
        Network network = network(written, length);
        if (network == null) {
            throw new IllegalArgumentException(
                    written + " (expected: a network such as " + (length == 4 ? "10.0.0.0/8" : "2001:db8::/32") + ")");
        }
        return exchange -> in(address.of(exchange), network, length);
    }

    private static boolean in(String text, @Nullable Network network, int length) {
        byte[] address = address(text, length);
        return network != null && address != null && network.holds(address);
    }

    private static @Nullable Network network(String text, int length) {
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash), length);
        String bits = slash < 0 ? Integer.toString(length * 8) : text.substring(slash + 1);
        if (address == null || !bits.matches("[0-9]{1,3}") || Integer.parseInt(bits) > length * 8) {
            return null;
        }
        return new Network(address, Integer.parseInt(bits));
    }

    /** Returns the bytes of an address of this length, or null. Only what is an address by its form is looked at. */
    private static byte @Nullable [] address(String text, int length) {
        String form = length == 4 ? "[0-9]{1,3}(\\.[0-9]{1,3}){3}" : "[0-9a-fA-F:.]*:[0-9a-fA-F:.]*";
        if (text.length() > 45 || !text.matches(form)) {
            return null;
        }
        try {
            byte[] address = InetAddress.ofLiteral(text).getAddress();
            return address.length == length ? address : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
