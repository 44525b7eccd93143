package io.juwsgi.router.listener;

import io.juwsgi.config.ConfigException;

/** Where a listener listens, as the configuration names it. */
public sealed interface ListenAddress {

    /**
     * A TCP port.
     *
     * @param host a name or address, empty for all interfaces
     * @param port 0 for any free one
     */
    record Tcp(String host, int port) implements ListenAddress {
        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host.isEmpty() ? "*" : host) + ":" + port;
        }
    }

    /** A Unix socket in the file system. */
    record Unix(String path) implements ListenAddress {
        @Override
        public String toString() {
            return path;
        }
    }

    /** A Unix socket with a name that is in no file system (Linux). */
    record Abstract(String name) implements ListenAddress {
        @Override
        public String toString() {
            return "@" + name;
        }
    }

    /**
     * A socket that another process opened for this one.
     *
     * @param key the number of its descriptor, or the name that systemd gives it
     */
    record Descriptor(String key) implements ListenAddress {
        @Override
        public String toString() {
            return FD + key;
        }
    }

    /** How the address of a {@link Descriptor} begins. */
    String FD = "fd://";

    /** The longest path or abstract name, in bytes: what fits into {@code sockaddr_un} on Linux. */
    int MAX_PATH = 107;

    /**
     * Reads an address.
     *
     * @param option the option's name, for the message
     * @throws ConfigException when it is none
     */
    static ListenAddress parse(String option, String text) {
        if (text.isEmpty()) {
            throw wrong(option, text, "an address is missing");
        }
        if (text.startsWith(FD)) {
            if (text.length() == FD.length()) {
                throw wrong(option, text, "a descriptor's number or name is missing, as in fd://3");
            }
            return new Descriptor(text.substring(FD.length()));
        }
        if (text.startsWith("@")) {
            return new Abstract(path(option, text, text.substring(1)));
        }
        int colon = text.lastIndexOf(':');
        if (text.indexOf('/') >= 0 || colon < 0) {
            if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw wrong(option, text, "for a port write :" + text);
            }
            return new Unix(path(option, text, text));
        }
        return new Tcp(host(option, text, text.substring(0, colon)), port(option, text, text.substring(colon + 1)));
    }

    private static String path(String option, String text, String path) {
        int size = path.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        if (size == 0 || size > MAX_PATH) {
            throw wrong(
                    option, text, "the path has " + size + " bytes; a Unix socket's has 1 to " + MAX_PATH + " at most");
        }
        return path;
    }

    private static String host(String option, String text, String host) {
        if (host.startsWith("[") && host.endsWith("]")) {
            return host.substring(1, host.length() - 1);
        }
        if (host.indexOf(':') >= 0) {
            throw wrong(option, text, "write an IPv6 address in brackets, as in [::1]:8000");
        }
        return host.equals("*") ? "" : host;
    }

    private static int port(String option, String text, String port) {
        boolean digits = !port.isEmpty() && port.length() < 6 && port.chars().allMatch(c -> c >= '0' && c <= '9');
        int number = digits ? Integer.parseInt(port) : -1;
        if (number < 0 || number > 65_535) {
            throw wrong(option, text, "the port is '" + port + "' (expected: 0 to 65535)");
        }
        return number;
    }

    private static ConfigException wrong(String option, String text, String problem) {
        return new ConfigException("--" + option + " " + text + ": " + problem);
    }
}
