package io.juwsgi.plugin.limits;

import io.juwsgi.spi.exchange.Request;
import java.net.InetAddress;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Who is one client to a limit. Each is a number, so that no key of an API and no address is kept. Thread-safe. */
sealed interface Subject {
    /** A key that no request has: it is not limited. */
    long NOBODY = 0;

    /** Not to be guessed, so that nobody makes a key that is another one's. */
    long SEED = ThreadLocalRandom.current().nextLong();

    /** Returns the client's key, or {@link #NOBODY}. */
    long of(Request request);

    /** Reads {@code address}, {@code header:NAME} or {@code all}. */
    static Subject parse(String text) {
        if (text.startsWith("header:") && text.length() > 7) {
            return new Header(text.substring(7));
        }
        return switch (text) {
            case "address" -> new Address();
            case "all" -> new Everybody();
            default -> throw new IllegalArgumentException("by: " + text + " (expected: address, header:NAME or all)");
        };
    }

    /** The address; of IPv6 its network of 64 bits, for a client has a whole one. */
    record Address() implements Subject {
        private static final int NETWORK = 8;

        @Override
        public long of(Request request) {
            String address = request.remoteAddress();
            if (address.indexOf(':') < 0) {
                // Over a Unix socket there is none.
                return address.isEmpty() ? NOBODY : hash(address);
            }
            byte[] bytes = bytes(address);
            return bytes == null ? hash(address) : hash(bytes, bytes.length == 16 ? NETWORK : bytes.length);
        }

        private static byte @Nullable [] bytes(String address) {
            int zone = address.indexOf('%');
            try {
                return InetAddress.ofLiteral(zone < 0 ? address : address.substring(0, zone))
                        .getAddress();
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
    }

    /** The value of a field; who sends none is counted by address. */
    record Header(String name) implements Subject {
        private static final Address ADDRESS = new Address();

        @Override
        public long of(Request request) {
            String value = request.fields().first(name);
            return value == null || value.isEmpty() ? ADDRESS.of(request) : hash(value);
        }
    }

    /** All together. */
    record Everybody() implements Subject {
        @Override
        public long of(Request request) {
            return 1;
        }
    }

    private static long hash(String text) {
        long hash = SEED;
        for (int i = 0; i < text.length(); i++) {
            hash = mixed(hash ^ text.charAt(i));
        }
        return hash == NOBODY ? 1 : hash;
    }

    private static long hash(byte[] bytes, int count) {
        long hash = SEED;
        for (int i = 0; i < count; i++) {
            hash = mixed(hash ^ (bytes[i] + 512));
        }
        return hash == NOBODY ? 1 : hash;
    }

    /** The finalizer of MurmurHash3. */
    private static long mixed(long value) {
        long h = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
        h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
        return h ^ h >>> 33;
    }
}
