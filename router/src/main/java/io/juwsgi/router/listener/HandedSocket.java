package io.juwsgi.router.listener;

import io.juwsgi.config.ConfigException;

/**
 * A listening socket that one server hands to the next.
 *
 * @param number the number that systemd gave it, -1 for one that a server opened
 * @param name the name that systemd gave it, empty when it has none
 * @param address where it listens, as it was asked for
 */
public record HandedSocket(int number, String name, ListenAddress address) {

    /** Returns one line of text that {@link #parse} reads. */
    public String line() {
        return number + "\t" + name + "\t" + address;
    }

    /**
     * Reads what {@link #line} wrote.
     *
     * @throws ConfigException when it is something else
     */
    public static HandedSocket parse(String line) {
        String[] parts = line.split("\t", -1);
        if (parts.length != 3 || !parts[0].matches("-1|[0-9]{1,6}")) {
            throw new ConfigException("upgrade: a line that names no socket (expected: NUMBER, name and address)");
        }
        return new HandedSocket(Integer.parseInt(parts[0]), parts[1], ListenAddress.parse("upgrade", parts[2]));
    }

    /** Returns whether a server opened it, so that the file of a Unix socket is ours to remove. */
    boolean ours() {
        return number < 0;
    }
}
