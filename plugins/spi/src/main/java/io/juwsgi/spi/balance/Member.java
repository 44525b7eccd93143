package io.juwsgi.spi.balance;

/**
 * A server that was discovered.
 *
 * @param address where it listens: {@code host:port} with a numeric host, or a Unix socket's path
 * @param weight the share of requests it is meant to get, 1 to 1000
 * @param backup whether it gets requests only while no other member can take them
 */
public record Member(String address, int weight, boolean backup) {

    public Member {
        if (address.isEmpty()) {
            throw new IllegalArgumentException("address: empty (expected: host:port or a path)");
        }
        if (weight < 1 || weight > 1000) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: 1 to 1000)");
        }
    }

    /** Returns a member of weight 1. */
    public static Member of(String address) {
        return new Member(address, 1, false);
    }
}
