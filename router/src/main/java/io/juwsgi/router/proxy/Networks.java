package io.juwsgi.router.proxy;

import io.juwsgi.config.ConfigException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** A list of networks, such as {@code 10.0.0.0/8} and {@code ::1}. Immutable. */
final class Networks {
    @SuppressWarnings("ArrayRecordComponent") // Networks are never compared.
    private record Network(byte[] address, int bits) {
        boolean holds(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            int whole = bits / 8;
            for (int i = 0; i < whole; i++) {
                if (other[i] != address[i]) {
                    return false;
                }
            }
            int rest = bits % 8;
            return rest == 0 || (other[whole] ^ address[whole]) >> (8 - rest) == 0;
        }
    }

    private final List<Network> networks = new ArrayList<>();

    /**
     * Reads a list.
     *
     * @param texts addresses and networks, each text one or several with commas between them
     * @throws ConfigException when one of them is neither
     */
    static Networks of(String option, List<String> texts) {
        Networks made = new Networks();
        for (String text : texts) {
            for (String one : text.split(",", -1)) {
                if (!one.isBlank()) {
                    made.networks.add(network(option, one.strip()));
                }
            }
        }
        return made;
    }

    private static Network network(String option, String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        try {
            byte[] address = InetAddress.ofLiteral(literal).getAddress();
            int most = address.length * 8;
            int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
            if (bits >= 0 && bits <= most) {
                return new Network(address, bits);
            }
        } catch (IllegalArgumentException e) {
            throw wrong(option, text);
        }
        throw wrong(option, text);
    }

    private static ConfigException wrong(String option, String text) {
        return new ConfigException(
                "--" + option + " " + text + ": expected an address or a network such as 10.0.0.0/8 or 2001:db8::/32");
    }

    boolean hold(InetAddress address) {
        byte[] bytes = address.getAddress();
        for (Network network : networks) {
            if (network.holds(bytes)) {
                return true;
            }
        }
        return false;
    }
}
