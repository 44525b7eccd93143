package io.juwsgi.router.upstream.codec;

import io.juwsgi.spi.exchange.Fields;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Fields that concern one connection and are not passed on (RFC 9110 section 7.6.1). */
final class HopByHop {
    private HopByHop() {}

    /** Returns the value of all Connection fields in lower case, or null when there is none. */
    static @Nullable String connection(Fields fields) {
        String all = null;
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            if (name.length() == 10 && name.equalsIgnoreCase("connection")) {
                String value = fields.value(i).toLowerCase(Locale.ROOT);
                all = all == null ? value : all + "," + value;
            }
        }
        return all;
    }

    /**
     * Returns whether a field stays here.
     *
     * @param connection what {@link #connection} returned
     */
    static boolean is(String name, @Nullable String connection) {
        return switch (name.length()) {
            case 2 -> name.equalsIgnoreCase("te") || named(name, connection);
            case 7 -> name.equalsIgnoreCase("upgrade") || named(name, connection);
            case 10 ->
                name.equalsIgnoreCase("connection") || name.equalsIgnoreCase("keep-alive") || named(name, connection);
            case 16 -> name.equalsIgnoreCase("proxy-connection") || named(name, connection);
            case 17 -> name.equalsIgnoreCase("transfer-encoding") || named(name, connection);
            default -> named(name, connection);
        };
    }

    private static boolean named(String name, @Nullable String connection) {
        return connection != null
                && connection.length() >= name.length()
                && !connection.equals("keep-alive")
                && !connection.equals("close")
                && has(connection, name)
                // What a sender must not take away from its own message.
                && !name.equalsIgnoreCase("host")
                && !name.equalsIgnoreCase("content-length");
    }

    /** Returns whether a comma-separated list in lower case has an element. */
    static boolean has(String list, String element) {
        String wanted = element.toLowerCase(Locale.ROOT);
        for (String one : list.split(",", -1)) {
            if (one.strip().equals(wanted)) {
                return true;
            }
        }
        return false;
    }
}
